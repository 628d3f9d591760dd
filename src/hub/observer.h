// What a download tells while it works: for bars, log lines and events.
#pragma once

#include <cstdint>
#include <string>

namespace acestep::hub {

// Called from the downloading thread. Implementations must not throw.
class DownloadObserver {
 public:
  virtual ~DownloadObserver() = default;

  // A file's bytes begin to come; `bytes_present` of them came in earlier runs.
  virtual void file_begins(const std::string& name, uint64_t bytes_present, uint64_t bytes) = 0;
  // Of the present file; may go back where a server cannot go on from the middle.
  virtual void bytes_present(uint64_t bytes) = 0;
  // All bytes are there, and are read for their digest: of a file that came, or was there before.
  virtual void file_is_checked(const std::string& name) = 0;
  // The file has its name.
  virtual void file_is_done(const std::string& name, uint64_t bytes) = 0;
  // Anything worth a line: a retry with its reason, a fallback.
  virtual void note(const std::string& text) = 0;
};

}  // namespace acestep::hub
