#include <ATen/ATen.h>

#include <charconv>
#include <optional>
#include <stdexcept>
#include <vector>

#include "audio/mastering.h"
#include "audio/resample.h"
#include "codec/levels.h"
#include "diffusion/repaint.h"
#include "golden/codec/runners.h"

namespace acestep::golden {
namespace {

constexpr int64_t kSampleRateHz = 48000;

// What follows `prefix` in `name`, absent when it starts otherwise.
std::optional<std::string> after(const std::string& name, const std::string& prefix) {
  if (name.compare(0, prefix.size(), prefix) != 0) return std::nullopt;
  return name.substr(prefix.size());
}

// "100_250" -> {100, 250}; empty when `text` is not a list of integers.
std::vector<int64_t> integers(const std::string& text) {
  std::vector<int64_t> numbers;
  const char* position = text.data();
  const char* const end = text.data() + text.size();
  while (position < end) {
    int64_t number = 0;
    const auto [rest, failure] = std::from_chars(position, end, number);
    if (failure != std::errc()) return {};
    numbers.push_back(number);
    position = rest < end && *rest == '_' ? rest + 1 : rest;
    if (rest < end && *rest != '_') return {};
  }
  return numbers;
}

audio::Waveform input(const Case& the_case, const std::string& name) {
  return codec::to_waveform(the_case.tensor(name), kSampleRateHz);
}

// out.norm_m6: peak at -6 dB.
bool check_normalized(const Case& the_case, Check& check, const std::string& name) {
  const auto level = after(name, "out.norm_");
  if (!level) return false;
  const bool is_negative = level->front() == 'm';
  const auto numbers = integers(level->substr(is_negative ? 1 : 0));
  if (numbers.size() != 1) return false;
  audio::Waveform waveform = input(the_case, "in.audio");
  audio::normalize_peak(waveform, static_cast<double>(is_negative ? -numbers[0] : numbers[0]));
  check.tensor(name, codec::to_tensor(waveform));
  return true;
}

std::optional<audio::Fades> fades_of(const std::string& text, int64_t frames) {
  if (text == "long") return audio::Fades{2 * frames, 2 * frames};
  if (const auto in = after(text, "in_")) {
    const auto numbers = integers(*in);
    return numbers.size() == 1 ? std::optional(audio::Fades{numbers[0], 0}) : std::nullopt;
  }
  const auto numbers = integers(text);
  return numbers.size() == 2 ? std::optional(audio::Fades{numbers[0], numbers[1]}) : std::nullopt;
}

// out.fade_100_250: frames in and out; out.fade_in_1; out.fade_long: both longer than the sound.
bool check_faded(const Case& the_case, Check& check, const std::string& name) {
  const auto text = after(name, "out.fade_");
  if (!text) return false;
  audio::Waveform waveform = input(the_case, "in.audio");
  const auto fades = fades_of(*text, waveform.frames());
  if (!fades) return false;
  audio::apply_fades(waveform, *fades);
  check.tensor(name, codec::to_tensor(waveform));
  return true;
}

bool check_quiet(const Case& the_case, Check& check, const std::string& name) {
  if (name != "out.quiet") return false;
  audio::Waveform waveform = input(the_case, "in.quiet");
  audio::normalize_peak(waveform, -1.0);
  check.tensor(name, codec::to_tensor(waveform));
  return true;
}

// out.cf0.002: a batch spliced with 2 ms of crossfade.
bool check_spliced(const Case& the_case, Check& check, const std::string& name) {
  const auto seconds = after(name, "out.cf");
  if (!seconds) return false;
  const auto& params = the_case.entry.at("params");
  std::vector<at::Tensor> songs;
  for (int64_t i = 0; i < the_case.tensor("in.pred").size(0); ++i) {
    const int64_t rate = params.at("sample_rate");
    audio::Waveform painted = codec::to_waveform(the_case.tensor("in.pred")[i], rate);
    const audio::Waveform original = codec::to_waveform(the_case.tensor("in.src")[i], rate);
    const auto song = static_cast<std::size_t>(i);
    audio::splice_original(painted, original,
                           {.start_seconds = params.at("starts").at(song),
                            .end_seconds = params.at("ends").at(song),
                            .crossfade_seconds = std::stod(*seconds)});
    songs.push_back(codec::to_tensor(painted));
  }
  check.tensor(name, at::stack(songs));
  return true;
}

// out.soft3, out.blend4: crossfade frames; out.inject_t0.4: noise level.
bool check_latents(const Case& the_case, Check& check, const std::string& name) {
  if (!the_case.has("in.mask")) return false;
  const at::Tensor mask = the_case.tensor("in.mask").to(at::kBool);
  if (const auto frames = after(name, "out.soft")) {
    check.tensor(name, diffusion::soft_mask(mask, std::stoll(*frames)));
    return true;
  }
  const at::Tensor& x = the_case.tensor("in.x");
  const at::Tensor& clean = the_case.tensor("in.clean");
  if (const auto frames = after(name, "out.blend")) {
    check.tensor(name, diffusion::blend(x, clean, mask, std::stoll(*frames)));
    return true;
  }
  const auto level = after(name, "out.inject_t");
  if (!level) return false;
  check.tensor(name,
               diffusion::inject(x, clean, mask, std::stod(*level), the_case.tensor("in.noise")));
  return true;
}

}  // namespace

void run_post(const Case& the_case, Check& check) {
  for (const auto& [name, value] : the_case.tensors) {
    if (!after(name, "out.")) continue;
    const bool is_known =
        check_normalized(the_case, check, name) || check_faded(the_case, check, name) ||
        check_quiet(the_case, check, name) || check_spliced(the_case, check, name) ||
        check_latents(the_case, check, name);
    if (!is_known) check.fail(name + ": no operation of this name is known");
  }
}

// in.sr44100_ch2 -> out.sr44100_ch2: rate in Hz and channels of the input.
void run_io_resample(const Case& the_case, Check& check) {
  for (const auto& [name, value] : the_case.tensors) {
    const auto label = after(name, "in.");
    if (!label) continue;
    const auto rate_text = after(*label, "sr");
    if (!rate_text) throw std::runtime_error(name + " does not name its sample rate");
    const audio::Waveform waveform = codec::to_waveform(value, std::stoll(*rate_text));
    check.tensor("out." + *label, codec::to_tensor(audio::to_stereo(waveform, kSampleRateHz)));
  }
}

}  // namespace acestep::golden
