#include "pipeline/master_song.h"

#include <cmath>
#include <cstdio>
#include <optional>
#include <string>

#include "audio/ending.h"
#include "audio/mastering.h"

namespace acestep::pipeline {
namespace {

// Coders that lose something overshoot by about as much (EBU R 128: at most -1 dB).
constexpr double kUsualTruePeakDb = -1.0;

std::string with_unit(double value, const char* unit) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.1f %s", value, unit);
  return text;
}

std::optional<song::Adjustment> trim_end(audio::Waveform& waveform) {
  const double before = waveform.seconds();
  const audio::Ending ending = audio::find_ending(waveform);
  if (ending.kept_frames == waveform.frames()) return std::nullopt;
  audio::cut_at(waveform, ending);
  const double music =
      static_cast<double>(ending.music_frames) / static_cast<double>(waveform.sample_rate_hz);
  return song::Adjustment{"auto_trim", with_unit(before, "s"), with_unit(waveform.seconds(), "s"),
                          "the music ends at " + with_unit(music, "s")};
}

audio::LevelTarget level_target(const request::GenerationRequest& request) {
  audio::LevelTarget target{.lufs = request.loudness, .true_peak_db = request.true_peak};
  if (target.lufs && !target.true_peak_db) target.true_peak_db = kUsualTruePeakDb;
  return target;
}

song::Adjustment held_back(const audio::LevelTarget& target, const audio::Level& level) {
  const std::string wanted = with_unit(*target.lufs, "LUFS");
  if (!std::isfinite(level.lufs)) {
    return {"loudness", wanted, "none", "all of the song is below -70 LUFS"};
  }
  return {"loudness", wanted, with_unit(level.lufs, "LUFS"),
          "more volume would raise the true peak above " + with_unit(*target.true_peak_db, "dB")};
}

}  // namespace

Mastered master_song(audio::Waveform& waveform, const request::GenerationRequest& request) {
  Mastered mastered;
  if (request.auto_trim) {
    if (auto trimmed = trim_end(waveform)) mastered.adjustments.push_back(std::move(*trimmed));
  }
  const bool is_normalised = request.enable_normalization && !request.loudness;
  if (is_normalised) audio::normalize_peak(waveform, request.normalization_db);
  const int64_t rate_hz = waveform.sample_rate_hz;
  audio::apply_fades(waveform,
                     {.in_frames = audio::frames_of(request.fade_in_duration, rate_hz),
                      .out_frames = audio::frames_of(request.fade_out_duration, rate_hz)});
  const audio::LevelTarget target = level_target(request);
  mastered.level = audio::set_level(waveform, target);
  if (mastered.level.is_held_back)
    mastered.adjustments.push_back(held_back(target, mastered.level));
  return mastered;
}

}  // namespace acestep::pipeline
