#include <algorithm>
#include <array>
#include <filesystem>

#include "request/audio_codes_text.h"
#include "request/keyscale.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "request/validate.h"

namespace acestep::request {
namespace {

constexpr const char* kNoAac =
    "AAC cannot be written; use flac, wav, wav24, wav32, mp3, opus or ogg, or turn a wav into an "
    ".m4a with an encoder of your own";

// "4/4" is 4 and "6/8" is 6: the reference keeps the number of beats only.
void normalise_timesignature(std::string& text) {
  const std::array<std::pair<std::string_view, const char*>, 4> spellings = {
      {{"2/4", "2"}, {"3/4", "3"}, {"4/4", "4"}, {"6/8", "6"}}};
  text = trim(text);
  if (means_unset(text)) text.clear();
  for (const auto& [spelling, beats] : spellings) {
    if (text == spelling) text = beats;
  }
}

void normalise_keyscale(std::string& text) {
  if (means_unset(text)) text.clear();
  if (auto known = normalised_keyscale(text)) text = *known;
}

void normalise_lyrics(Settings& settings, Findings& findings) {
  constexpr const char* kInstrumental = "[Instrumental]";
  const std::string lyrics = to_lower_ascii(trim(settings.lyrics));
  const bool says_instrumental = lyrics == "[inst]" || lyrics == "[instrumental]";
  if (says_instrumental || (settings.instrumental && lyrics.empty())) {
    settings.lyrics = kInstrumental;
  } else if (settings.instrumental) {
    findings.warnings.push_back("instrumental is set, but lyrics are given and will be sung");
  }
}

// What asks the language model for words: one way of saying it.
void normalise_words(Settings& settings, Findings& findings) {
  if (trim(settings.sample_query).empty()) settings.sample_query.clear();
  if (to_lower_ascii(trim(settings.lyrics)) == "generate") {
    settings.lyrics.clear();
    settings.use_cot_lyrics = true;
  }
  if (settings.wants_sample() && settings.use_cot_lyrics) {
    findings.warnings.push_back(
        "use_cot_lyrics has no effect: a song made up from a wish has "
        "lyrics already");
    settings.use_cot_lyrics = false;
  }
  // reference: cli.py
  const bool thinks = settings.compat == "reference" && settings.use_cot_lyrics;
  if (!thinks || settings.thinking) return;
  findings.adjustments.push_back({"thinking", false, true, "use_cot_lyrics turns it on there"});
  settings.thinking = true;
}

// One spelling for what several programs write differently; what cannot be read stays as it is.
void normalise_codes(std::string& text) {
  if (means_unset(text)) text.clear();
  if (text.empty()) return;
  if (const auto codes = codes_in(text)) text = to_audio_code_text(*codes);
}

// Without a language model nothing can think: told when the user asked for it.
void normalise_thinking(Gathered& gathered, Findings& findings) {
  Settings& settings = gathered.settings;
  if (settings.lm_model_path != "none" || !settings.thinking) return;
  if (gathered.is_given("thinking")) {
    findings.adjustments.push_back(
        {"thinking", true, false, "no language model is used (lm_model_path = none)"});
  }
  settings.thinking = false;
}

int rank_of(const Gathered& gathered, const std::string& field) {
  const auto origin = gathered.origins.find(field);
  return origin == gathered.origins.end() ? -1 : origin->second.rank;
}

// "song.wav" asks for a wav: the ending decides unless audio_format was said as close to the user.
void match_format_to_output(Gathered& gathered, Findings& findings) {
  Settings& settings = gathered.settings;
  std::string ending = to_lower_ascii(std::filesystem::path(settings.output).extension().string());
  if (ending.empty()) return;
  ending.erase(0, 1);
  const auto tell = [&](const std::string& why) {
    findings.problems.push_back("output = " + in_quotes(settings.output) + " (" +
                                gathered.source_of("output") + "): " + why);
  };
  const auto& formats = field_named("audio_format").choices;
  const bool is_format = std::find(formats.begin(), formats.end(), ending) != formats.end();
  if (ending == "aac" || ending == "m4a") return tell(kNoAac);
  if (!is_format || settings.audio_format.starts_with(ending)) return;
  if (rank_of(gathered, "audio_format") >= rank_of(gathered, "output")) {
    return tell("audio_format is " + settings.audio_format);
  }
  settings.audio_format = ending;
  gathered.origins["audio_format"] = {"output", -1};
}

}  // namespace

void normalise_field(Settings& settings, const Field& field) {
  const std::string typed = to_lower_ascii(trim(to_text(value_in(settings, field))));
  for (const auto* list : {&field.choices, &field.later_choices}) {
    for (const std::string& choice : *list) {
      if (to_lower_ascii(choice) == typed) put_value(settings, field, choice);
    }
  }
  const bool is_open = field.name == "duration" && settings.duration.value_or(1) <= 0;
  if (is_open) settings.duration.reset();
}

void normalise(Gathered& gathered, Findings& findings) {
  Settings& settings = gathered.settings;
  for (const Field& field : all_fields()) normalise_field(settings, field);
  if (means_unset(settings.vocal_language)) settings.vocal_language = "unknown";
  normalise_words(settings, findings);
  normalise_thinking(gathered, findings);
  match_format_to_output(gathered, findings);
  if (settings.compat == "reference") return;
  normalise_keyscale(settings.keyscale);
  normalise_timesignature(settings.timesignature);
  normalise_lyrics(settings, findings);
  normalise_codes(settings.audio_codes);
}

}  // namespace acestep::request
