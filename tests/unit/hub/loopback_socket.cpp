#include "unit/hub/loopback_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>
#include <string>

namespace acestep::testing {
namespace {

constexpr int kPollMilliseconds = 20;
constexpr size_t kBlockBytes = 16 << 10;

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("loopback: ") + what);
}

sockaddr_in address_of(int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  return address;
}

}  // namespace

Listener listen_on_loopback() {
  Listener listener;
  listener.descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(listener.descriptor >= 0, "no socket");
  sockaddr_in address = address_of(0);
  socklen_t address_bytes = sizeof address;
  auto* any_address = reinterpret_cast<sockaddr*>(&address);
  require(::bind(listener.descriptor, any_address, address_bytes) == 0, "cannot bind");
  require(::listen(listener.descriptor, 64) == 0, "cannot listen");
  require(::getsockname(listener.descriptor, any_address, &address_bytes) == 0, "no port");
  listener.port = ntohs(address.sin_port);
  return listener;
}

int connect_to_loopback(int port) {
  const int connection = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  require(connection >= 0, "no socket");
  const sockaddr_in address = address_of(port);
  const auto* any_address = reinterpret_cast<const sockaddr*>(&address);
  require(::connect(connection, any_address, sizeof address) == 0, "cannot connect");
  return connection;
}

bool send_all(int connection, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count =
        ::send(connection, bytes.data(), std::min(bytes.size(), kBlockBytes), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

bool has_input(int descriptor) {
  pollfd waiting = {descriptor, POLLIN, 0};
  return ::poll(&waiting, 1, kPollMilliseconds) > 0;
}

}  // namespace acestep::testing
