#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "request/dialects.h"
#include "request/entries.h"
#include "request/text.h"

namespace acestep::request {
namespace {

using nlohmann::json;

// Given codes are what the language model would write: it has nothing left to think about.
void stop_thinking_over_given_codes(Document& document) {
  const Entry* codes = find_entry(document, "audio_codes");
  const Entry* thinking = find_entry(document, "thinking");
  const bool has_codes = codes != nullptr && codes->value.is_string() && !is_open(codes->value);
  if (!has_codes || thinking == nullptr || !is_true(thinking->value)) return;
  change_entry(document, "thinking", false, "audio_codes are given");
}

// The reference puts its default in the place of a value it does not know.
template <size_t N>
void replace_unknown(Document& document, const std::string& key,
                     const std::array<std::string_view, N>& known, const json& otherwise) {
  const Entry* entry = find_entry(document, key);
  if (entry == nullptr || entry->value.is_null()) return;
  const std::string text =
      entry->value.is_string() ? entry->value.get<std::string>() : entry->value.dump();
  const std::string word = to_lower_ascii(trim(text));
  if (std::find(known.begin(), known.end(), word) != known.end()) return;
  change_entry(document, key, otherwise, "the reference reads only " + listed(known));
}

// The file tells that adapters were loaded, but not which.
void tell_adapter(Document& document) {
  const auto loaded = take_entry(document, "lora_loaded");
  const auto used = take_entry(document, "use_lora");
  const auto scale = take_entry(document, "lora_scale");
  const auto hash = take_entry(document, "lora_weights_hash");
  if (!loaded || !used || !is_true(*loaded) || !is_true(*used)) return;
  std::string adapter = "an adapter";
  if (hash && hash->is_string()) adapter += " with hash " + in_quotes(hash->get<std::string>());
  if (scale) adapter += " at scale " + scale->dump();
  document.findings.warnings.push_back(document.name + ": the song was made with " + adapter +
                                       ", whose file is not named here; without it the song is "
                                       "another one");
}

// ["drums", "bass"] is "drums,bass" here.
void join_track_classes(Document& document) {
  const auto classes = take_entry(document, "complete_track_classes");
  if (!classes || is_open(*classes)) return;
  if (!classes->is_array()) {
    put_entry(document, "complete_track_classes", "complete_tracks", *classes);
    return;
  }
  std::vector<std::string> tracks;
  for (const json& track : *classes) {
    tracks.push_back(track.is_string() ? track.get<std::string>() : track.dump());
  }
  if (tracks.empty()) return;
  put_entry(document, "complete_track_classes", "complete_tracks", join(tracks, ","));
}

}  // namespace

void translate_reference_sidecar(Document& document) {
  constexpr std::array<std::string_view, 6> kFormats = {"flac", "mp3", "opus",
                                                        "aac",  "wav", "wav32"};
  constexpr std::array<std::string_view, 4> kBitrates = {"128k", "192k", "256k", "320k"};
  constexpr std::array<std::string_view, 2> kSampleRates = {"48000", "44100"};
  replace_unknown(document, "audio_format", kFormats, "flac");
  replace_unknown(document, "mp3_bitrate", kBitrates, "128k");
  replace_unknown(document, "mp3_sample_rate", kSampleRates, 48000);
  stop_thinking_over_given_codes(document);
  tell_adapter(document);
  join_track_classes(document);
  if (const auto seed = take_entry(document, "retake_seed_value")) {
    take_entry(document, "retake_seed");
    put_entry(document, "retake_seed_value", "retake_seed", *seed);
  }
  // They describe the finished song, not how to make it.
  std::erase_if(document.entries, [](const Entry& entry) {
    return entry.key.starts_with("cot_") || entry.key.starts_with("session_artifact_") ||
           entry.key == "repaint_source_latents_file";
  });
}

}  // namespace acestep::request
