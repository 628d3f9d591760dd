// What is heard of a reference: three windows of its sound, from its front, middle and back.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "audio/resample.h"
#include "audio/waveform.h"

namespace acestep::audio {

inline constexpr std::size_t kReferenceWindows = 3;
inline constexpr double kReferenceWindowSeconds = 10.0;  // reference: io_audio.py
inline constexpr int64_t kReferenceRateHz = 48000;

// Draws a whole number 0 … highest.
using DrawNumber = std::function<int64_t(int64_t highest)>;
using WindowStarts = std::array<int64_t, kReferenceWindows>;

// Where windows of `window` frames start in a sound of `frames`, each somewhere in its third. A
// sound shorter than all windows together is repeated until it is not: starts may lie behind its
// end. One number is drawn per window, also where there is no choice. Both at least 1.
WindowStarts choose_windows(int64_t frames, int64_t window, const DrawNumber& draw);

// A sound file of any length, of which three windows are wanted: read twice, never held.
class ReferenceSound final {
 public:
  // Reads it once. Throws Error kInput calling it `name` when it cannot be read, is silent (no
  // sample of its first two channels reaches 1e-6), or lasts longer than a day.
  ReferenceSound(std::filesystem::path file, std::string name);

  // Of the resampled sound, 48 kHz.
  int64_t frames() const { return frames_; }
  // The windows one after another, 30 s of 48 kHz stereo in [-1, 1]: equal to those of to_stereo().
  Waveform windows(const WindowStarts& starts) const;

 private:
  std::vector<FrameRange> heard_parts(const WindowStarts& starts) const;
  std::vector<Waveform> read(const std::vector<FrameRange>& parts) const;

  std::filesystem::path file_;
  std::string name_;
  int64_t rate_hz_ = 0;
  int64_t file_frames_ = 0;  // at its own rate
  int64_t frames_ = 0;
};

}  // namespace acestep::audio
