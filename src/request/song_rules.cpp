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
  const bool makes_words = !settings.audio_codes.empty() || settings.wants_sample();
  if (needs_words && !has_words && !makes_words) {
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

// The field that asks the language model for words first.
std::string asks_for_words(const Settings& settings) {
  if (!settings.sample_query.empty()) return "sample_query";
  if (settings.sample_mode) return "sample_mode";
  return settings.use_format ? "use_format" : "use_cot_lyrics";
}

// Words that another field replaces.
void check_replaced(Checker& checker, const std::string& field, const std::string& text,
                    const std::string& by) {
  if (!trim(text).empty() && checker.is_given(field))
    checker.tell_useless(field, by + " writes it");
}

void check_words(Checker& checker) {
  const Settings& settings = checker.settings();
  if (settings.allow_fallback && !settings.use_cot_lyrics) {
    checker.tell_useless("allow_fallback", "it is for use_cot_lyrics");
  }
  if (!settings.wants_words()) return;
  const std::string field = asks_for_words(settings);
  const std::string& task = settings.task_type;
  // reference: cli.py loads no language model for the other ones.
  const bool has_model = task == "text2music" || task == "lego" || task == "complete";
  if (settings.wants_sample() && task != "text2music") {
    checker.problem(field, "only task_type text2music can be made up, not " + task);
  } else if (!has_model) {
    checker.problem(field, "the language model has no part in task_type " + task);
  }
  if (settings.lm_model_path == "none") {
    checker.problem(field, "it needs the language model, but lm_model_path is none");
  }
  if (settings.use_cot_lyrics && trim(settings.caption).empty()) {
    checker.problem("use_cot_lyrics", "it needs a caption to write lyrics for");
  }
  if (settings.use_cot_lyrics && settings.instrumental) {
    checker.problem("use_cot_lyrics", "instrumental asks for a song without lyrics");
    return;
  }
  if (settings.wants_sample()) check_replaced(checker, "caption", settings.caption, field);
  const bool replaces_lyrics = settings.wants_sample() || settings.use_cot_lyrics;
  if (replaces_lyrics) check_replaced(checker, "lyrics", settings.lyrics, field);
}

void check_kept_codes(Checker& checker) {
  const Settings& settings = checker.settings();
  const bool keeps = settings.lm_only || !settings.keep_codes.empty();
  if (!keeps) return;
  const std::string field = settings.lm_only ? "lm_only" : "keep_codes";
  if (checker.is_compat()) {
    checker.problem(field,
                    "not with --compat reference, whose one random generator goes on from "
                    "the codes to the song");
  }
  if (settings.lm_only && !settings.wants_language_model()) {
    checker.problem("lm_only", "nothing is left to the language model");
  } else if (settings.lm_only && settings.lm_model_path == "none") {
    checker.problem("lm_only", "it needs the language model, but lm_model_path is none");
  }
  if (settings.lm_only && !settings.output.empty()) {
    checker.tell_useless("output", "no song is made; keep_codes names the file for the request");
  }
  const bool is_list = settings.keep_codes.ends_with(".jsonl");
  if (!settings.keep_codes.empty() && settings.batch_size > 1 && !is_list) {
    checker.problem("keep_codes", "batch_size is " + std::to_string(settings.batch_size) +
                                      "; a name that ends in .jsonl takes one request a line, for "
                                      "acestep batch");
  }
}

}  // namespace

void check_song(Checker& checker) {
  check_words(checker);
  check_kept_codes(checker);
  if (checker.is_compat()) return;
  check_metadata(checker);
  check_text(checker);
  check_codes(checker);
}

}  // namespace acestep::request
