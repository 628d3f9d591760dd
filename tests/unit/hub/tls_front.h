// Stands before a loopback server and speaks TLS, with a certificate made for the occasion.
#pragma once

#include <openssl/ssl.h>

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace acestep::testing {

// Every connection has a thread of its own, which ends with the object.
class TlsFront {
 public:
  // behind: the port that gets what was decrypted. certificate_file: where to write the
  // certificate, for clients that are to trust it.
  TlsFront(int behind, const std::filesystem::path& certificate_file);
  ~TlsFront();
  TlsFront(const TlsFront&) = delete;
  TlsFront& operator=(const TlsFront&) = delete;

  // "https://localhost:PORT"
  std::string url() const { return "https://localhost:" + std::to_string(port_); }

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  };

  void accept_connections();
  void relay(int connection) const;

  int behind_ = 0;
  int listener_ = -1;
  int port_ = 0;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::atomic<bool> is_ending_ = false;
  std::vector<std::thread> workers_;
  std::thread acceptor_;
};

}  // namespace acestep::testing
