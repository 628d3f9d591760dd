#include <algorithm>

#include "request/checker.h"
#include "request/nearest.h"
#include "request/repaint_parts.h"
#include "request/song_values.h"
#include "request/text.h"

namespace acestep::request {
namespace {

constexpr const char* kAllTracks = "all";

bool is_one_of(const std::string& word, std::initializer_list<const char*> list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

bool takes_source(const std::string& task) {
  return is_one_of(task, {"cover", "cover-nofsq", "repaint", "lego", "extract", "complete"});
}
bool takes_track(const std::string& task) { return is_one_of(task, {"lego", "extract"}); }

// Tracks are taken apart and put together by base models alone (reference: cli.py demands "base" in
// the name).
void check_model(Checker& checker, ModelFamily family) {
  const Settings& settings = checker.settings();
  const bool needs_base = is_one_of(settings.task_type, {"extract", "lego", "complete"});
  if (!needs_base || family == ModelFamily::kBase) return;
  const std::string& model = settings.config_path;
  const bool is_xl = to_lower_ascii(model).find("-xl-") != std::string::npos;
  checker.problem("task_type", "the model " + in_quotes(model) + " is no base model; --model " +
                                   (is_xl ? "acestep-v15-xl-base" : "acestep-v15-base") + " can");
}

void check_source(Checker& checker) {
  const Settings& settings = checker.settings();
  const std::string& task = settings.task_type;
  if (!takes_source(task) && !settings.edits_flow()) {
    constexpr const char* kWhy = "text2music has no source; cover and repaint do";
    if (!settings.src_audio.empty()) checker.tell_useless("src_audio", kWhy);
    if (!settings.src_latents.empty()) checker.tell_useless("src_latents", kWhy);
    return;
  }
  const bool covers_codes =
      is_one_of(task, {"cover", "cover-nofsq"}) && !settings.audio_codes.empty();
  if (!settings.has_source() && !covers_codes) {
    checker.problem("src_audio", task + " works on a source: give one with -i FILE");
  }
  if (settings.has_source() && checker.is_typed("duration")) {
    checker.warn("duration has no effect: " + task + " lasts as long as its source");
  }
}

void check_track_name(Checker& checker, const std::string& field, const std::string& name) {
  const auto& names = track_names();
  if (std::find(names.begin(), names.end(), to_lower_ascii(name)) != names.end()) return;
  checker.warn(field + " = " + in_quotes(name) +
               " is none of the tracks that models know: " + allowed_choices(name, names));
}

void check_tracks(Checker& checker) {
  const Settings& settings = checker.settings();
  const std::string& task = settings.task_type;
  if (takes_track(task)) {
    if (settings.track.empty() && settings.instruction.empty()) {
      checker.problem("track", task +
                                   " needs one: --track vocals; --track all makes every one of " +
                                   join(track_names(), ", "));
    }
    if (!settings.track.empty() && settings.track != kAllTracks) {
      check_track_name(checker, "track", settings.track);
    }
  } else if (!settings.track.empty()) {
    checker.tell_useless("track", task + " has none; lego and extract do");
  }
  if (settings.complete_tracks.empty()) return;
  if (task != "complete") {
    checker.tell_useless("complete_tracks", task + " has none; complete does");
  }
  for (const std::string& name : split_any(settings.complete_tracks, ",| ")) {
    check_track_name(checker, "complete_tracks", name);
  }
}

void check_parts(Checker& checker) {
  const Settings& settings = checker.settings();
  if (!settings.has_parts()) {
    for (const char* field :
         {"repainting_start", "repainting_end", "repaint", "chunk_mask_mode", "repaint_mode",
          "repaint_strength", "repaint_latent_crossfade_frames", "repaint_wav_crossfade_sec"}) {
      if (checker.is_typed(field)) {
        checker.tell_useless(field, settings.task_type + " makes the whole song");
      }
    }
    return;
  }
  if (!settings.repaint.empty()) {
    if (!parse_repaint_parts(settings.repaint)) {
      checker.problem("repaint",
                      "allowed: START:END in seconds, END after START, parts that do not overlap, "
                      "commas between");
    }
    for (const char* field : {"repainting_start", "repainting_end"}) {
      if (checker.is_typed(field)) checker.tell_useless(field, "--repaint says the parts");
    }
  } else if (settings.repainting_end >= 0.0 &&
             settings.repainting_end <= settings.repainting_start) {
    checker.problem("repainting_end", "must be after repainting_start; -1 is the source's end");
  }
}

void check_covers(Checker& checker) {
  const Settings& settings = checker.settings();
  if (settings.cover_noise_strength != 0.0 &&
      !is_one_of(settings.task_type, {"cover", "cover-nofsq"})) {
    checker.tell_useless("cover_noise_strength", "it needs the task cover or cover-nofsq");
  }
}

}  // namespace

void check_task(Checker& checker, ModelFamily family) {
  check_model(checker, family);
  check_source(checker);
  if (checker.is_compat()) return;
  check_tracks(checker);
  check_parts(checker);
  check_covers(checker);
}

}  // namespace acestep::request
