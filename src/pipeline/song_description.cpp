#include "pipeline/song_description.h"

#include <algorithm>
#include <utility>

#include "request/keyscale.h"
#include "request/song_values.h"
#include "text/lm_metadata.h"
#include "text/python_text.h"

namespace acestep::pipeline {
namespace {

std::string words_of(const text::MetadataValue& value) {
  return text::is_filled(value) ? text::to_text(value) : std::string();
}

bool says_instrumental(const std::string& lyrics) {
  const std::string word = text::to_lower(text::strip(lyrics));
  return word == "[inst]" || word == "[instrumental]";
}

bool holds(const std::vector<std::string>& list, const std::string& text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

// Gathers what is left out.
class Sieve {
 public:
  void leave_out(std::string field, std::string found, const std::string& allowed) {
    adjustments_.push_back({std::move(field), std::move(found), "open",
                            "the language model wrote what no song can have; allowed: " + allowed});
  }
  void judge(const char* field, std::string& text, const std::vector<std::string>& allowed,
             const char* allowed_text) {
    if (text.empty() || holds(allowed, text)) return;
    leave_out(field, std::exchange(text, {}), allowed_text);
  }
  template <typename Number>
  void judge(const char* field, std::optional<Number>& number, int least, int most) {
    if (!number || (*number >= static_cast<Number>(least) && *number <= static_cast<Number>(most)))
      return;
    leave_out(field, text::to_text(*number), std::to_string(least) + " … " + std::to_string(most));
    number.reset();
  }

  std::vector<song::Adjustment> adjustments() && { return std::move(adjustments_); }

 private:
  std::vector<song::Adjustment> adjustments_;
};

template <typename Value>
nlohmann::json or_null(const std::optional<Value>& value) {
  return value ? nlohmann::json(*value) : nlohmann::json(nullptr);
}

}  // namespace

std::optional<SongDescription> to_description(const text::Metadata& metadata) {
  const std::optional<text::LmSample> sample = text::to_sample(metadata, {});
  if (!sample) return std::nullopt;
  SongDescription description{.caption = words_of(sample->caption),
                              .lyrics = words_of(sample->lyrics),
                              .bpm = sample->bpm,
                              .duration = sample->duration,
                              .keyscale = words_of(sample->keyscale),
                              .language = words_of(sample->language),
                              .timesignature = words_of(sample->timesignature)};
  description.is_instrumental =
      text::is_filled(sample->instrumental) || says_instrumental(description.lyrics);
  return description;
}

std::vector<song::Adjustment> leave_out_unusable(SongDescription& description) {
  Sieve sieve;
  sieve.judge("bpm", description.bpm, request::kBpmMin, request::kBpmMax);
  sieve.judge("duration", description.duration, request::kDurationMinSeconds,
              request::kDurationMaxSeconds);
  sieve.judge("keyscale", description.keyscale, request::keyscales(),
              "A-G with #, b, ♯ or ♭, major, minor");
  sieve.judge("timesignature", description.timesignature, request::time_signatures(), "2, 3, 4, 6");
  sieve.judge("language", description.language, request::vocal_languages(),
              "the codes of vocal_language");
  return std::move(sieve).adjustments();
}

nlohmann::json to_json(const SongDescription& description) {
  return {{"caption", description.caption},
          {"lyrics", description.lyrics},
          {"bpm", or_null(description.bpm)},
          {"duration", or_null(description.duration)},
          {"keyscale", description.keyscale},
          {"language", description.language},
          {"timesignature", description.timesignature},
          {"instrumental", description.is_instrumental}};
}

}  // namespace acestep::pipeline
