#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "request/audio_codes_text.h"
#include "request/dialects.h"
#include "request/entries.h"
#include "request/text.h"

namespace acestep::request {
namespace {

using nlohmann::json;

// Rules and defaults of this file: src/request.h and docs/ARCHITECTURE.md of acestep.cpp.

std::string text_in(const json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// Numbers that mean "left open" there.
void drop_open_values(Document& document) {
  for (const char* key : {"bpm", "duration", "inference_steps", "guidance_scale", "shift"}) {
    const Entry* entry = find_entry(document, key);
    const auto number = entry == nullptr ? std::nullopt : number_in(entry->value);
    if (number && *number <= 0) take_entry(document, key);
  }
  const Entry* seed = find_entry(document, "lm_seed");
  const auto number = seed == nullptr ? std::nullopt : number_in(seed->value);
  if (number && *number < 0) take_entry(document, "lm_seed");
  for (const char* key : {"keyscale", "timesignature", "vocal_language", "audio_codes"}) {
    const Entry* entry = find_entry(document, key);
    if (entry != nullptr && is_open(entry->value)) take_entry(document, key);
  }
}

bool is_quantisation(std::string_view word) {
  constexpr std::array<std::string_view, 6> kFormats = {"BF16", "F16",   "F32",
                                                        "FP8",  "NVFP4", "MXFP4"};
  const bool is_block_format =
      word.size() >= 2 && word[0] == 'Q' && word[1] >= '0' && word[1] <= '9';
  return is_block_format || std::find(kFormats.begin(), kFormats.end(), word) != kFormats.end();
}

// "acestep-v15-turbo-Q8_0.gguf" is made from acestep-v15-turbo.
std::string published_name(std::string name) {
  if (name.ends_with(".gguf")) name.resize(name.size() - 5);
  const size_t dash = name.rfind('-');
  const bool names_format =
      dash != std::string::npos && is_quantisation(std::string_view(name).substr(dash + 1));
  return names_format ? name.substr(0, dash) : name;
}

void translate_model(Document& document, const char* key, const std::string& field) {
  const auto name = take_entry(document, key);
  if (!name || is_open(*name)) return;
  const std::string published = published_name(text_in(*name));
  put_entry(document, key, field, published);
  if (published == *name) return;
  document.findings.adjustments.push_back(
      {field, *name, published, "GGUF files are not read; this is the model they are made from"});
}

void translate_vae(Document& document) {
  const auto name = take_entry(document, "vae");
  if (!name || is_open(*name)) return;
  const std::string published = published_name(text_in(*name));
  put_entry(document, "vae", "vae_checkpoint", published == "vae" ? "official" : published);
}

// Variations of the language model times variations of the diffusion model: each is a song here.
void translate_batch(Document& document) {
  const auto outer = take_entry(document, "lm_batch_size");
  const auto inner = take_entry(document, "synth_batch_size");
  if (!outer && !inner) return;
  double songs = 1;
  for (const auto& [key, size] :
       {std::pair{"lm_batch_size", outer}, std::pair{"synth_batch_size", inner}}) {
    if (!size) continue;
    const auto number = number_in(*size);
    if (!number || *number < 1) {
      refuse_value(document, key, *size, "allowed: a whole number >= 1");
      return;
    }
    songs *= *number;
  }
  put_entry(document, outer ? "lm_batch_size" : "synth_batch_size", "batch_size", songs);
}

// With codes given, acestep.cpp leaves its language model out altogether.
void translate_codes(Document& document) {
  const auto codes = take_entry(document, "audio_codes");
  if (!codes) return;
  const std::string text = text_in(*codes);
  const auto numbers = codes_in(text);  // what cannot be read is refused later, with its reason
  put_entry(document, "audio_codes", "audio_codes", numbers ? to_audio_code_text(*numbers) : text);
  for (const char* key : {"thinking", "use_cot_metas", "use_cot_caption", "use_cot_language"}) {
    change_entry(document, key, false, "audio_codes are given");
  }
}

// Without a scaler there is no correction, which has a switch of its own here.
void translate_wavelet_correction(Document& document) {
  const auto mode = take_entry(document, "dcw_mode");
  const auto low = take_entry(document, "dcw_scaler");
  const auto high = take_entry(document, "dcw_high_scaler");
  if (!mode && !low && !high) return;
  const json low_scaler = low.value_or(0.0);
  const json high_scaler = high.value_or(0.0);
  const bool is_on = number_in(low_scaler) != 0.0 || number_in(high_scaler) != 0.0;
  put_entry(document, "dcw_scaler", "dcw_enabled", is_on);
  if (!is_on) return;
  put_entry(document, "dcw_mode", "dcw_mode", mode.value_or("low"));
  put_entry(document, "dcw_scaler", "dcw_scaler", low_scaler);
  put_entry(document, "dcw_high_scaler", "dcw_high_scaler", high_scaler);
}

void translate_solver(Document& document) {
  take_entry(document, "stork_substeps");  // of the solver stork4 alone
  const auto solver = take_entry(document, "solver");
  if (!solver || is_open(*solver)) return;
  if (*solver != "euler" && *solver != "sde") {
    refuse_value(document, "solver", *solver, "not supported yet; allowed: euler, sde");
    return;
  }
  put_entry(document, "solver", "infer_method", *solver == "sde" ? "sde" : "ode");
  put_entry(document, "solver", "sampler_mode", "euler");
}

// The last of the list is where the song is finished; the others are the steps.
void translate_timesteps(Document& document) {
  const auto list = take_entry(document, "custom_timesteps");
  if (!list || is_open(*list)) return;
  std::vector<std::string> steps = split_any(text_in(*list), "[], \t\r\n");
  if (steps.size() < 2) {
    refuse_value(document, "custom_timesteps", *list, "expected two or more numbers");
    return;
  }
  steps.pop_back();
  put_entry(document, "custom_timesteps", "timesteps", join(steps, ","));
}

void translate_track(Document& document) {
  const auto track = take_entry(document, "track");
  if (!track || is_open(*track)) return;
  const Entry* task = find_entry(document, "task_type");
  if (task == nullptr || task->value != "complete") {
    put_entry(document, "track", "track", *track);
    return;
  }
  const std::vector<std::string> tracks = split_any(to_lower_ascii(text_in(*track)), " |");
  put_entry(document, "track", "complete_tracks", join(tracks, ","));
}

void translate_format(Document& document) {
  constexpr std::array<std::pair<std::string_view, const char*>, 4> kFormats = {
      {{"mp3", "mp3"}, {"wav16", "wav"}, {"wav24", "wav24"}, {"wav32", "wav32"}}};
  const auto format = take_entry(document, "output_format");
  if (format && !is_open(*format)) {
    const auto known = std::find_if(kFormats.begin(), kFormats.end(),
                                    [&](const auto& pair) { return *format == pair.first; });
    if (known == kFormats.end()) {
      refuse_value(document, "output_format", *format, "allowed: mp3, wav16, wav24, wav32");
    } else {
      put_entry(document, "output_format", "audio_format", known->second);
    }
  }
  const auto bitrate = take_entry(document, "mp3_bitrate");
  if (!bitrate) return;
  const bool is_bare = bitrate->is_number();
  put_entry(document, "mp3_bitrate", "mp3_bitrate",
            is_bare ? json(bitrate->dump() + "k") : *bitrate);
}

// How many of a million samples may be cut off for loudness; 0 brings the peak to full scale.
void translate_peak_clip(Document& document) {
  const auto clip = take_entry(document, "peak_clip");
  if (!clip) return;
  if (number_in(*clip) == 0.0) {
    put_entry(document, "peak_clip", "normalization_db", 0.0);
    return;
  }
  document.findings.warnings.push_back(
      document.name + ": peak_clip = " + clip->dump() +
      " has no effect: samples are not clipped here; normalization_db sets the peak");
}

void translate_lm_mode(Document& document) {
  const auto mode = take_entry(document, "lm_mode");
  if (!mode || is_open(*mode) || *mode == "generate") return;
  if (*mode == "format") {
    put_entry(document, "lm_mode", "use_format", true);
  } else if (*mode == "inspire") {
    const auto query = take_entry(document, "caption");
    if (query && !is_open(*query)) {
      put_entry(document, "lm_mode", "sample_query", *query);
    } else {
      put_entry(document, "lm_mode", "sample_mode", true);  // a song of its own choice
    }
  } else {
    refuse_value(document, "lm_mode", *mode, "allowed: generate, inspire, format");
  }
}

void translate_adapter(Document& document) {
  const auto adapter = take_entry(document, "adapter");
  const auto scale = take_entry(document, "adapter_scale");
  if (!adapter || is_open(*adapter)) return;
  std::string name = text_in(*adapter);
  if (scale && number_in(*scale) != 1.0) name.append(":").append(text_in(*scale));
  put_entry(document, "adapter", "lora", name);
}

// There `unknown` is said to the model as it is, and songs without vocals have no language.
void translate_language(Document& document) {
  const Entry* lyrics = find_entry(document, "lyrics");
  const bool is_instrumental = lyrics != nullptr && lyrics->value == "[Instrumental]";
  const Entry* language = find_entry(document, "vocal_language");
  const bool is_unknown = language != nullptr && language->value == "unknown";
  if (!is_instrumental && !is_unknown) return;
  change_entry(document, "vocal_language", "unknown", "the song has no vocals");
  change_entry(document, "use_cot_language", false, "the language is unknown on purpose");
}

void tell_missing_lyrics(Document& document) {
  const Entry* lyrics = find_entry(document, "lyrics");
  const bool has_lyrics = lyrics != nullptr && !is_open(lyrics->value);
  if (has_lyrics || find_entry(document, "caption") == nullptr) return;
  document.findings.warnings.push_back(
      document.name +
      ": no lyrics: acestep.cpp's language model would write some; here the song has none");
}

}  // namespace

void translate_acestep_cpp(Document& document) {
  drop_open_values(document);
  translate_model(document, "synth_model", "config_path");
  translate_model(document, "lm_model", "lm_model_path");
  translate_vae(document);
  translate_batch(document);
  translate_codes(document);
  translate_wavelet_correction(document);
  translate_solver(document);
  translate_timesteps(document);
  translate_track(document);
  translate_format(document);
  translate_peak_clip(document);
  translate_lm_mode(document);
  translate_adapter(document);
  translate_language(document);
  tell_missing_lyrics(document);
}

}  // namespace acestep::request
