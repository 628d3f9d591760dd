#include "request/checker.h"
#include "request/sung_words.h"

namespace acestep::request {
namespace {

// Known before any song is made, unless the language model writes the lyrics.
bool is_instrumental(const Settings& settings) {
  return !settings.wants_words() && !has_sung_words(settings.lyrics);
}

bool may_have_codes(const Settings& settings) {
  return settings.lm_model_path != "none" && (settings.thinking || !settings.audio_codes.empty());
}

void check_choice(Checker& checker) {
  const Settings& settings = checker.settings();
  if (settings.keep_best == 0) {
    if (settings.by != "score") checker.tell_useless("by", "it needs keep_best");
    return;
  }
  if (settings.keep_best > settings.batch_size) {
    checker.problem("keep_best",
                    "more than the " + std::to_string(settings.batch_size) + " of batch_size");
  }
  const bool has_lyrics = !is_instrumental(settings);
  const bool has_codes = may_have_codes(settings);
  if (settings.by == "lyrics" && !has_lyrics) {
    checker.problem("by", "the song is instrumental: choose by lm");
  }
  if (settings.by == "lm" && !has_codes) {
    checker.problem("by",
                    "there are no audio codes to score: it needs a language model and "
                    "thinking or audio_codes");
  }
  if (settings.by == "score" && !has_lyrics && !has_codes) {
    checker.problem("keep_best",
                    "an instrumental without audio codes has nothing to choose by: it needs "
                    "lyrics, or a language model and thinking");
  }
}

}  // namespace

void check_review(Checker& checker) {
  const Settings& settings = checker.settings();
  check_choice(checker);
  if (!is_instrumental(settings)) return;
  if (settings.lrc) checker.warn("lrc has no effect: the song is instrumental");
  if (settings.score && !may_have_codes(settings)) {
    checker.warn("score has no effect: an instrumental without audio codes has nothing to score");
  }
}

}  // namespace acestep::request
