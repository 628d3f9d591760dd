#include "cli/decoding.h"

#include "cli/prepare.h"

namespace acestep::cli {

Decoding::Decoding(const request::Settings& settings)
    : command_(decoder_of(settings)), guard_(stop_), limit_(stop_, settings.generation_timeout) {}

audio::DecoderCall Decoding::call() {
  return {.command = command_, .check_stop = [this] { stop_.throw_if_stopped(); }};
}

}  // namespace acestep::cli
