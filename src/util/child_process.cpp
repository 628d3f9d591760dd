#include "util/child_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <optional>
#include <string_view>
#include <system_error>
#include <thread>

#include "util/error.h"
#include "util/stopwatch.h"

namespace acestep::util {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// How often we look, and how long a child may take to end when told to.
constexpr auto kPoll = 20ms;
constexpr double kSecondsToEnd = 5;

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

class SpawnFiles final {
 public:
  SpawnFiles(const fs::path& output, const fs::path& errors) {
    posix_spawn_file_actions_init(&actions_);
    constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions_, STDOUT_FILENO, output.c_str(), kWrite, 0644);
    posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, errors.c_str(), kWrite, 0644);
  }
  ~SpawnFiles() { posix_spawn_file_actions_destroy(&actions_); }
  SpawnFiles(const SpawnFiles&) = delete;
  SpawnFiles& operator=(const SpawnFiles&) = delete;

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_ = {};
};

// A started process that does not outlive its object.
class Child final {
 public:
  explicit Child(const ChildCall& call) {
    const SpawnFiles files(call.output, call.errors);
    std::vector<std::string> arguments = call.arguments;
    std::vector<std::string> environment = call.environment;
    const int error = posix_spawnp(&pid_, call.program.c_str(), files.get(), nullptr,
                                   pointers(arguments).data(), pointers(environment).data());
    if (error == 0) return;
    throw Error(call.blame, call.program.string() + " cannot be started with output to " +
                                call.output.string() + ": " + std::strerror(error));
  }
  ~Child() {
    if (!status_) end();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // The status of waitpid() once it has ended.
  std::optional<int> status() {
    if (status_) return status_;
    int status = 0;
    const pid_t ended = waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) status_ = status;
    return status_;
  }

 private:
  void end() noexcept {
    kill(pid_, SIGTERM);
    const Stopwatch watch;
    while (!status() && watch.seconds() < kSecondsToEnd) std::this_thread::sleep_for(kPoll);
    if (status_) return;
    kill(pid_, SIGKILL);
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
  }

  pid_t pid_ = 0;
  std::optional<int> status_;
};

void require_little_output(const ChildCall& call) {
  std::error_code unknown;
  const uintmax_t bytes = fs::file_size(call.output, unknown);
  if (unknown || bytes <= call.most_output_bytes) return;
  throw Error(call.blame, call.program.string() + " writes more than " +
                              std::to_string(call.most_output_bytes) + " bytes");
}

}  // namespace

ChildEnd run_child(const ChildCall& call, const std::function<void()>& check_stop) {
  const Stopwatch watch;
  Child child(call);
  std::optional<int> status;
  while (!(status = child.status())) {
    if (check_stop) check_stop();
    require_little_output(call);
    std::this_thread::sleep_for(kPoll);
  }
  ChildEnd end{.seconds = watch.seconds()};
  if (WIFSIGNALED(*status)) end.signal = WTERMSIG(*status);
  if (WIFEXITED(*status)) end.exit_code = WEXITSTATUS(*status);
  return end;
}

ChildEnd run_child(const ChildCall& call, const StopToken& stop) {
  return run_child(call, [&stop] { stop.throw_if_stopped(); });
}

std::vector<std::string> environment_without(const std::vector<std::string>& names) {
  std::vector<std::string> kept;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    const std::string_view text = *variable;
    const std::string_view name = text.substr(0, text.find('='));
    if (std::find(names.begin(), names.end(), name) == names.end()) kept.emplace_back(text);
  }
  return kept;
}

}  // namespace acestep::util
