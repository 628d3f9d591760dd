#include "audio/reference_windows.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <utility>

#include "audio/reader.h"
#include "audio/resample.h"
#include "util/error.h"

namespace acestep::audio {
namespace {

constexpr float kSilence = 1e-6F;          // reference: memory_utils.py::is_silence
constexpr double kLongestSeconds = 86400;  // a limit against endless files, not against long ones
constexpr auto kWindowFrames = static_cast<int64_t>(kReferenceWindowSeconds * kReferenceRateHz);
constexpr auto kHeardFrames = kWindowFrames * static_cast<int64_t>(kReferenceWindows);

bool is_audible(std::span<const float> interleaved, int64_t channels) {
  const auto step = static_cast<std::size_t>(channels);
  const std::size_t heard = std::min<std::size_t>(2, step);
  for (std::size_t i = 0; i < interleaved.size(); i += step) {
    for (std::size_t c = 0; c < heard; ++c) {
      if (std::fabs(interleaved[i + c]) >= kSilence) return true;
    }
  }
  return false;
}

// A part of the file at its own rate, two channels.
struct Piece {
  Piece(int64_t rate_hz, const FrameRange& frames)
      : range(frames), sound(rate_hz, 2, frames.end - frames.begin) {}

  // block: of the file, from frame `at` on.
  void take(std::span<const float> block, int64_t channels, int64_t at) {
    const int64_t end = std::min(at + static_cast<int64_t>(block.size()) / channels, range.end);
    const int64_t begin = std::max(at, range.begin);
    for (int64_t c = 0; c < sound.channels && begin < end; ++c) {
      const int64_t source = std::min(c, channels - 1);
      const std::span<float> target = sound.channel(c);
      for (int64_t i = begin; i < end; ++i) {
        target[static_cast<std::size_t>(i - range.begin)] =
            block[static_cast<std::size_t>((i - at) * channels + source)];
      }
    }
  }

  FrameRange range;
  Waveform sound;
};

}  // namespace

// reference: io_audio.py::process_reference_audio
WindowStarts choose_windows(int64_t frames, int64_t window, const DrawNumber& draw) {
  ACE_CHECK(frames >= 1 && window >= 1);
  constexpr auto kCount = static_cast<int64_t>(kReferenceWindows);
  const int64_t wanted = kCount * window;
  const int64_t repeats = frames < wanted ? (wanted + frames - 1) / frames : 1;
  const int64_t total = frames * repeats;
  const int64_t third = total / kCount;
  const auto start = [&](int64_t begin, int64_t length) {
    return begin + draw(std::max<int64_t>(0, length - window));
  };
  // In this order: the numbers come from one stream.
  const int64_t front = start(0, third);
  const int64_t middle = start(third, third);
  const int64_t back = start(2 * third, total - 2 * third);
  return {front, middle, back};
}

ReferenceSound::ReferenceSound(std::filesystem::path file, std::string name)
    : file_(std::move(file)), name_(std::move(name)) {
  SoundBlocks blocks(file_, name_);
  rate_hz_ = blocks.sample_rate_hz();
  bool any_sound = false;
  for (std::span<const float> block = blocks.next(); !block.empty(); block = blocks.next()) {
    file_frames_ += static_cast<int64_t>(block.size()) / blocks.channels();
    any_sound = any_sound || is_audible(block, blocks.channels());
    if (static_cast<double>(file_frames_) > kLongestSeconds * static_cast<double>(rate_hz_)) {
      throw Error(ErrorCode::kInput, name_ + ": lasts longer than a day",
                  "cut it to the part that matters");
    }
  }
  if (!any_sound) {
    throw Error(ErrorCode::kInput, name_ + ": is silent from its start to its end",
                "give a file with something to hear, or leave the option out");
  }
  frames_ = resampled_frames(file_frames_, {rate_hz_, kReferenceRateHz});
}

// All of a sound that is repeated, or each window.
std::vector<FrameRange> ReferenceSound::heard_parts(const WindowStarts& starts) const {
  if (frames_ < kHeardFrames) return {{0, frames_}};
  std::vector<FrameRange> parts;
  for (const int64_t start : starts) parts.push_back({start, start + kWindowFrames});
  return parts;
}

// Each of them at 48 kHz; the file is gone through once.
std::vector<Waveform> ReferenceSound::read(const std::vector<FrameRange>& parts) const {
  const Rates rates{rate_hz_, kReferenceRateHz};
  std::vector<Piece> pieces;
  for (const FrameRange& part : parts) {
    const FrameRange needed = frames_behind(part, rates);
    pieces.emplace_back(rate_hz_, FrameRange{std::max<int64_t>(0, needed.begin),
                                             std::min(file_frames_, needed.end)});
  }
  SoundBlocks blocks(file_, name_);
  int64_t at = 0;
  for (std::span<const float> block = blocks.next(); !block.empty(); block = blocks.next()) {
    for (Piece& piece : pieces) piece.take(block, blocks.channels(), at);
    at += static_cast<int64_t>(block.size()) / blocks.channels();
  }
  std::vector<Waveform> sounds;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    sounds.push_back(
        rates.from_hz == rates.to_hz
            ? std::move(pieces[i].sound)
            : resample_part(pieces[i].sound, pieces[i].range.begin, parts[i], kReferenceRateHz));
    clip(sounds.back());
  }
  return sounds;
}

Waveform ReferenceSound::windows(const WindowStarts& starts) const {
  const std::vector<Waveform> sounds = read(heard_parts(starts));
  const bool repeats = frames_ < kHeardFrames;
  Waveform joined(kReferenceRateHz, 2, kHeardFrames);
  for (int64_t i = 0; i < kHeardFrames; ++i) {
    const auto window = static_cast<std::size_t>(i / kWindowFrames);
    const Waveform& sound = sounds[repeats ? 0 : window];
    const int64_t within = i % kWindowFrames;
    const int64_t from = repeats ? (starts[window] + within) % frames_ : within;
    for (int64_t c = 0; c < joined.channels; ++c) {
      joined.samples[static_cast<std::size_t>(c * kHeardFrames + i)] =
          sound.samples[static_cast<std::size_t>(c * sound.frames() + from)];
    }
  }
  return joined;
}

}  // namespace acestep::audio
