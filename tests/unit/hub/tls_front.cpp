#include "unit/hub/tls_front.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "unit/hub/loopback_socket.h"

namespace acestep::testing {
namespace {

constexpr long kLifetimeSeconds = 3600;
constexpr int kPollMilliseconds = 20;

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("tls front: ") + what);
}

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
  void operator()(SSL* session) const { SSL_free(session); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

// Signed by itself, for localhost.
Owned<X509> make_certificate(EVP_PKEY* key) {
  Owned<X509> certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -kLifetimeSeconds);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), kLifetimeSeconds);
  X509_set_pubkey(certificate.get(), key);
  X509_NAME* name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
  X509_set_issuer_name(certificate.get(), name);
  const Owned<X509_EXTENSION> names(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost"));
  X509_add_ext(certificate.get(), names.get(), -1);
  require(X509_sign(certificate.get(), key, EVP_sha256()) > 0, "cannot sign");
  return certificate;
}

void write_pem(const X509* certificate, const std::filesystem::path& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  require(file != nullptr, "cannot write the certificate");
  PEM_write_X509(file, certificate);
  std::fclose(file);
}

}  // namespace

TlsFront::TlsFront(int behind, const std::filesystem::path& certificate_file)
    : behind_(behind), context_(SSL_CTX_new(TLS_server_method())) {
  const Owned<EVP_PKEY> key(EVP_EC_gen("P-256"));
  const Owned<X509> certificate = make_certificate(key.get());
  write_pem(certificate.get(), certificate_file);
  require(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1, "certificate");
  require(SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1, "key");
  const Listener listener = listen_on_loopback();
  listener_ = listener.descriptor;
  port_ = listener.port;
  acceptor_ = std::thread([this] { accept_connections(); });
}

TlsFront::~TlsFront() {
  is_ending_ = true;
  acceptor_.join();
  for (std::thread& worker : workers_) worker.join();
  ::close(listener_);
}

void TlsFront::accept_connections() {
  while (!is_ending_) {
    if (!has_input(listener_)) continue;
    const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection >= 0) workers_.emplace_back([this, connection] { relay(connection); });
  }
}

// Both ways until one side ends.
void TlsFront::relay(int connection) const {
  const Owned<SSL> session(SSL_new(context_.get()));
  SSL_set_fd(session.get(), connection);
  const bool is_encrypted = SSL_accept(session.get()) == 1;
  const int server = connect_to_loopback(behind_);
  bool goes_on = is_encrypted;
  while (goes_on && !is_ending_) {
    char block[16 << 10];
    pollfd waiting[2] = {{connection, POLLIN, 0}, {server, POLLIN, 0}};
    ::poll(waiting, 2, kPollMilliseconds);
    if (waiting[0].revents != 0) {
      const int count = SSL_read(session.get(), block, sizeof block);
      goes_on = count > 0 && send_all(server, {block, static_cast<size_t>(count)});
    } else if (waiting[1].revents != 0) {
      const ssize_t count = ::recv(server, block, sizeof block, 0);
      goes_on = count > 0 && SSL_write(session.get(), block, static_cast<int>(count)) > 0;
    }
  }
  if (is_encrypted) SSL_shutdown(session.get());
  ::close(server);
  ::close(connection);
}

}  // namespace acestep::testing
