#include <algorithm>

#include "request/audio_codes_text.h"
#include "request/checker.h"
#include "request/keyscale.h"
#include "request/song_values.h"
#include "request/text.h"

namespace acestep::request {
namespace {

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

void check_metadata(Checker& checker) {
  const Settings& settings = checker.settings();
  if (!settings.keyscale.empty() && !holds(keyscales(), settings.keyscale)) {
    checker.problem("keyscale", "allowed: A-G, then nothing, #, b, ♯ or ♭, then major or minor");
  }
  if (!settings.timesignature.empty() && !holds(time_signatures(), settings.timesignature)) {
    checker.problem("timesignature", "allowed: 2, 3, 4, 6 (or 2/4, 3/4, 4/4, 6/8)");
  }
}

void advise(Checker& checker, const std::string& field, size_t characters, size_t advised) {
  if (characters < advised) return;
  checker.warn(field + " has " + std::to_string(characters) + " characters; below " +
               std::to_string(advised) + " is advised");
}

void check_text(Checker& checker) {
  constexpr size_t kAdvisedCaption = 512;  // acestep/inference.py; real requests reach 724
  constexpr size_t kAdvisedLyrics = 4096;
  const Settings& settings = checker.settings();
  const bool needs_words = settings.task_type != "extract";
  const bool has_words = !trim(settings.caption).empty() || !trim(settings.lyrics).empty();
  if (needs_words && !has_words && settings.audio_codes.empty()) {
    checker.problem("caption", "caption and lyrics are both empty: " + settings.task_type +
                                   " needs at least one of them");
  }
  advise(checker, "caption", count_characters(settings.caption), kAdvisedCaption);
  advise(checker, "lyrics", count_characters(settings.lyrics), kAdvisedLyrics);
}

void check_codes(Checker& checker) {
  const std::string& codes = checker.settings().audio_codes;
  if (codes.empty() || codes_in(codes)) return;
  checker.problem("audio_codes", "allowed: <|audio_code_N|>… or N,N,…, every N 0 … 63999");
}

}  // namespace

void check_song(Checker& checker) {
  if (to_lower_ascii(trim(checker.settings().lyrics)) == "generate") {
    checker.problem("lyrics", "lyrics written by the language model are not supported yet");
  }
  if (checker.is_compat()) return;
  check_metadata(checker);
  check_text(checker);
  check_codes(checker);
}

}  // namespace acestep::request
