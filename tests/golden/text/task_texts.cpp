#include <stdexcept>
#include <string>
#include <vector>

#include "golden/text/metadata_json.h"
#include "golden/text/runners.h"
#include "request/song_values.h"
#include "text/dit_prompt.h"
#include "text/task.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

std::vector<std::string> strings_or_one(const json& value) {
  if (value.is_array()) return value.get<std::vector<std::string>>();
  return {string_or_empty(value)};
}

json instruction_of(const json& args) {
  text::TaskTracks tracks;
  const std::string track_name = string_or_empty(args.at(1));
  tracks.track_name = track_name;
  if (!args.at(2).is_null()) tracks.classes = args.at(2).get<std::vector<std::string>>();
  return text::task_instruction(args.at(0).get<std::string>(), tracks);
}

json task_call(const std::string& call, const json& args) {
  if (call == "generate_instruction") return instruction_of(args);
  const std::string task = args.at(0);
  const bool has_codes = text::has_audio_codes(strings_or_one(args.at(1)));
  if (call == "determine_task_type") {
    const text::TaskTraits traits = text::traits_of(task, has_codes);
    return {traits.is_repaint, traits.is_lego, traits.is_cover, traits.can_use_repainting};
  }
  if (call == "_resolve_generate_music_task") {
    const text::ResolvedTask resolved =
        text::resolve_task(task, args.at(2).get<std::string>(), has_codes);
    return {resolved.task, resolved.instruction};
  }
  throw std::runtime_error("unknown call " + call);
}

// Metadata, a finished block, or (as any other type) nothing.
text::MetasInput metas_from_json(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_object()) return metadata_from_json(value);
  return std::monostate();
}

json metadata_dict(const json& args) {
  text::DitMetas metas;
  metas.bpm = value_from_json(args.at("bpm"));
  metas.keyscale = args.at("key_scale");
  metas.timesignature = args.at("time_signature");
  if (!args.at("duration").is_null()) metas.duration = args.at("duration").get<double>();
  return to_json(text::dit_metadata(metas));
}

json dit_inputs(const json& args) {
  const std::string instruction = string_or_empty(args.at(1));
  const std::string caption = args.at(2);
  const std::string lyrics = args.at(3);
  const std::string language = args.at(5);
  const text::DitPrompt prompt = text::dit_prompt({.instruction = instruction,
                                                   .caption = caption,
                                                   .lyrics = lyrics,
                                                   .language = language,
                                                   .metas = metas_from_json(args.at(4))});
  return {prompt.text, prompt.lyrics};
}

// The call of an is_lego_sft model for every song of a batch: text prompt, blank line, lyrics.
json lego_inputs(const json& args) {
  json results = json::array();
  for (size_t i = 0; i < args.at("batch_size").get<size_t>(); ++i) {
    const std::string instruction =
        text::format_instruction(args.at("instructions").at(i).get<std::string>());
    const std::string local = args.at("captions").at(i);
    const std::string global = string_or_empty(args.at("global_captions").at(i));
    const bool is_auto = args.at("chunk_mask_modes").at(i) == "auto";
    const std::string caption = text::format_lego_caption(
        {.instruction = instruction,
         .local = local,
         .global = global,
         .mask = is_auto ? text::MaskControl::kAuto : text::MaskControl::kExplicit});
    const std::string metas = args.at("parsed_metas").at(i);
    const std::string lyrics =
        text::format_lyrics(args.at("lyrics").at(i).get<std::string>(),
                            args.at("vocal_languages").at(i).get<std::string>());
    results.push_back(text::format_text_prompt(instruction, caption, metas) + "\n\n" + lyrics);
  }
  return results;
}

json prompt_call(const std::string& call, const json& args) {
  if (call == "_build_metadata_dict") return metadata_dict(args);
  if (call == "_parse_metas") return text::format_metas(metas_from_json(args.at(0)));
  if (call == "build_dit_inputs") return dit_inputs(args);
  if (call == "_prepare_text_conditioning_inputs") return lego_inputs(args);
  const std::string first = args.at(0);
  if (call == "_format_instruction") return text::format_instruction(first);
  if (call == "extract_caption_from_sft_format") return text::caption_of_text_prompt(first);
  if (call == "_format_lyrics") {
    return text::format_lyrics(first, args.at(1).get<std::string>());
  }
  throw std::runtime_error("unknown call " + call);
}

using CallTable = json (*)(const std::string&, const json&);

void run_calls(const Case& the_case, Check& check, CallTable run) {
  int64_t number = 0;
  for (const json& entry : the_case.data) {
    const std::string call = entry.at("call");
    check.equal(call + " " + std::to_string(number++), run(call, entry.at("args")),
                entry.at("result"));
    check.count();
  }
}

json instruction_table() {
  json table = json::object();
  for (const auto& [name, text] : text::task_instructions()) table[std::string(name)] = text;
  return table;
}

json constant_named(const std::string& name) {
  if (name == "DEFAULT_DIT_INSTRUCTION") return text::default_instruction();
  if (name == "SFT_GEN_PROMPT") return text::format_text_prompt("{}", "{}", "{}");
  if (name == "TASK_INSTRUCTIONS") return instruction_table();
  if (name == "TASK_TYPES_BASE") return text::tasks_of_base_models();
  if (name == "TASK_TYPES_TURBO") return text::tasks_of_turbo_models();
  if (name == "TRACK_NAMES") return request::track_names();
  if (name == "VALID_LANGUAGES") return request::vocal_languages();
  throw std::runtime_error("unknown constant " + name);
}

}  // namespace

void run_constants(const Case& the_case, Check& check) {
  for (const json& table : the_case.data) {
    for (const auto& [name, expected] : table.items()) {
      check.equal(name, constant_named(name), expected);
      check.count();
    }
  }
}

void run_task_logic(const Case& the_case, Check& check) { run_calls(the_case, check, task_call); }

void run_prompt_templates(const Case& the_case, Check& check) {
  run_calls(the_case, check, prompt_call);
}

}  // namespace acestep::golden
