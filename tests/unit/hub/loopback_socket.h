// Sockets on 127.0.0.1 for the servers of these tests.
#pragma once

#include <string_view>

namespace acestep::testing {

// A listening socket on a free port. Throws std::runtime_error.
struct Listener {
  int descriptor = -1;
  int port = 0;
};
Listener listen_on_loopback();

// A connection to a port. Throws std::runtime_error.
int connect_to_loopback(int port);

// False when the other side went away.
bool send_all(int connection, std::string_view bytes);

// Waits a moment; true when there is something to read.
bool has_input(int descriptor);

}  // namespace acestep::testing
