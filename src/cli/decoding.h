// Opening sound files, for which a user's decoder may run.
#pragma once

#include "audio/readable_file.h"
#include "cli/signals.h"
#include "cli/time_limit.h"
#include "request/settings.h"
#include "util/stop_token.h"

namespace acestep::cli {

// While it lives, --generation_timeout and signals end a decoder that runs. Throws Error kUsage for
// a --decoder that is no argument vector.
class Decoding final {
 public:
  explicit Decoding(const request::Settings& settings);

  // Must not outlive it.
  audio::DecoderCall call();

 private:
  util::ArgumentVector command_;
  util::StopToken stop_;
  SignalGuard guard_;
  TimeLimit limit_;
};

}  // namespace acestep::cli
