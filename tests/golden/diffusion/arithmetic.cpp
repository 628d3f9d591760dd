// Masks, padding and the small decisions around them: many-case JSON files of calls with results.
#include <ATen/ATen.h>

#include <cmath>

#include "condition/batch_lists.h"
#include "condition/latent_plan.h"
#include "condition/masks.h"
#include "condition/reference_seeds.h"
#include "condition/repaint_strength.h"
#include "condition/source_padding.h"
#include "golden/diffusion/runners.h"
#include "models/audio_codes.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr int64_t kPublishedCodes = 64000;
constexpr const char* kDefaultInstruction =
    "Fill the audio semantic mask based on the given conditions:";

json rows(const at::Tensor& mask) {
  json result = json::array();
  for (const at::Tensor& row : mask.to(at::kLong).unbind(0)) {
    const int64_t* values = row.const_data_ptr<int64_t>();
    result.push_back(std::vector<int64_t>(values, values + row.numel()));
  }
  return result;
}

std::vector<condition::SourceUse> source_uses(const json& args) {
  const int64_t frames = args.at("frames");
  const std::string task = args.at("task_type");
  std::vector<condition::SourceUse> uses;
  for (std::size_t i = 0; i < args.at("audio_code_hints").size(); ++i) {
    condition::SourceUse use;
    use.is_cover = task == "cover";
    use.has_codes = !args["audio_code_hints"][i].is_null();
    use.is_audible = args.at("has_source_audio");
    use.keeps_source_in_span = task == "lego";
    use.mode = args.at("chunk_mask_mode") == "auto" ? condition::ChunkMaskMode::kAuto
                                                    : condition::ChunkMaskMode::kExplicit;
    const json& starts = args.at("repainting_start");
    const json& ends = args.at("repainting_end");
    if (!starts.is_null() && !ends.is_null() && !ends[i].is_null()) {
      const double start = starts[i].is_null() ? 0.0 : starts[i].get<double>();
      if (const auto span = condition::frame_span(start, ends[i], frames)) use.spans = {*span};
    }
    uses.push_back(use);
  }
  return uses;
}

json spans_of(const std::vector<condition::SourceUse>& uses, int64_t frames) {
  json spans = json::array();
  for (const auto& use : uses) {
    spans.push_back(!use.spans.empty()
                        ? json{"repainting", use.spans.front().first, use.spans.front().end}
                        : json{"full", 0, frames});
  }
  return spans;
}

void compare_padding(const json& args, const json& expected, const std::string& label,
                     Check& check) {
  const int64_t songs = args.at("batch");
  const std::string task = args.at("task");
  json actual = {{"first_src_sample", nullptr},
                 {"last_src_sample", nullptr},
                 {"repainting_start_batch", nullptr},
                 {"repainting_end_batch", nullptr}};
  if (args.at("src_seconds").is_null()) {
    const json& duration = args.at("audio_duration");
    const bool is_given = !duration.is_null() && duration.get<double>() > 0.0;
    const double seconds = is_given ? duration.get<double>() : condition::kDefaultSeconds;
    actual["shape"] = {songs, 2, condition::target_samples(seconds)};
  } else {
    condition::SourceExtent extent;
    extent.source_samples = std::llround(args["src_seconds"].get<double>() * 48000.0);
    extent.takes_span = task == "repaint" || task == "lego";
    if (!args.at("repainting_start").is_null()) extent.start_seconds = args["repainting_start"];
    if (!args.at("repainting_end").is_null()) extent.end_seconds = args["repainting_end"];
    const condition::PaddedSource padded = condition::pad_source(extent);
    actual["shape"] = {songs, 2, padded.total_samples};
    actual["first_src_sample"] = padded.left_samples;
    actual["last_src_sample"] = padded.left_samples + extent.source_samples - 1;
    const auto count = static_cast<std::size_t>(songs);
    if (padded.start_seconds) {
      actual["repainting_start_batch"] = std::vector<double>(count, *padded.start_seconds);
      actual["repainting_end_batch"] = std::vector<double>(count, *padded.end_seconds);
    }
  }
  check.equal(label, actual, expected);
}

std::optional<std::vector<condition::OptionalText>> text_list(const json& value) {
  if (value.is_null()) return std::nullopt;
  if (value.is_string()) return {{value.get<std::string>()}};
  std::vector<condition::OptionalText> list;
  for (const json& entry : value) {
    list.push_back(entry.is_null() ? condition::OptionalText()
                                   : condition::OptionalText(entry.get<std::string>()));
  }
  return list;
}

json json_of(const std::vector<condition::OptionalText>& list) {
  json result = json::array();
  for (const auto& entry : list) result.push_back(entry ? json(*entry) : json());
  return result;
}

json seeds_json(const json& args) {
  json result = json::array();
  for (const auto& seed : condition::reference_seeds(args[0], args[1].get<std::string>())) {
    result.push_back(seed ? json(*seed) : json("random"));
  }
  return result;
}

// The result of one call of scalars.json; null for a call that is not known.
json scalar_result(const std::string& call, const json& args) {
  if (call == "prepare_seeds") return seeds_json(args);
  if (call == "create_target_wavs.samples") return condition::target_samples(args[0]);
  if (call == "_resolve_repaint_config") {
    const auto strength = condition::resolve_repaint_strength(args[0], args[1]);
    return {strength.injection_ratio, strength.latent_crossfade_frames,
            strength.wave_crossfade_seconds};
  }
  if (call == "_parse_audio_code_string") {
    const auto codes = models::parse_audio_codes(args[0].get<std::string>());
    return models::clamp_audio_codes(codes, kPublishedCodes);
  }
  if (call == "_normalize_audio_code_hints") {
    return json_of(condition::code_hints_per_song(text_list(args[0]), args[1]));
  }
  if (call == "_normalize_instructions") {
    return json_of(condition::one_per_song(text_list(args[0]), args[1], kDefaultInstruction));
  }
  return {};
}

}  // namespace

void run_masks(const Case& the_case, Check& check) {
  for (const json& call : the_case.data) {
    const json& args = call.at("args");
    const json& expected = call.at("result");
    const std::string label = args.dump();
    const int64_t frames = args.at("frames");
    const auto uses = source_uses(args);
    const condition::ChunkMasks masks = condition::make_chunk_masks(uses, frames);
    check.equal(label + " chunk_masks", rows(masks.chunk), expected.at("chunk_masks"));
    check.equal(label + " src_is_target", rows(masks.is_source), expected.at("src_is_target"));
    check.equal(label + " spans", spans_of(uses, frames), expected.at("spans"));
    const json is_new = masks.is_new.defined() ? rows(masks.is_new) : json();
    check.equal(label + " repaint_mask", is_new, expected.at("repaint_mask"));
    json covers = json::array();
    for (const at::Tensor& cover : masks.is_cover.unbind(0)) covers.push_back(cover.item<bool>());
    check.equal(label + " is_covers", covers, expected.at("is_covers"));
    check.count();
  }
}

void run_padding(const Case& the_case, Check& check) {
  for (const json& call : the_case.data) {
    compare_padding(call.at("args"), call.at("result"), call.at("args").dump(), check);
    check.count();
  }
}

void run_scalar_logic(const Case& the_case, Check& check) {
  for (const json& call : the_case.data) {
    const std::string name = call.at("call");
    const json& args = call.at("args");
    check.equal(name + args.dump(), scalar_result(name, args), call.at("result"));
    check.count();
  }
}

}  // namespace acestep::golden
