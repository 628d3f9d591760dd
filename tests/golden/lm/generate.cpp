// Kind lm/generate: whole calls of the language model, every pass token for token.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <map>

#include "golden/lm/given_values.h"
#include "golden/lm/kinds.h"
#include "golden/lm/lm_model.h"
#include "lm/composer.h"
#include "lm/sample_flows.h"
#include "util/error.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

// One call with its limits and seeds, and what it runs on.
struct Call {
  const lm::LanguageModel& model;
  const json& entry;
  const json& args;
  std::string name;
  text::LmLimits limits;

  at::Generator generator() const {
    return at::make_generator<at::CPUGeneratorImpl>(entry.at("seed").get<uint64_t>());
  }
};

template <typename T>
T value_or(const json& object, const char* key, T fallback) {
  return object.contains(key) && !object[key].is_null() ? object[key].get<T>() : fallback;
}

// fallback: the temperature of the call when its arguments name none.
lm::SamplingOptions sampling_of(const json& args, double fallback) {
  lm::SamplingOptions sampling;
  sampling.temperature = value_or(args, "temperature", fallback);
  sampling.top_k = value_or<int64_t>(args, "top_k", 0);
  sampling.top_p = value_or(args, "top_p", 1.0);
  sampling.repetition_penalty = value_or(args, "repetition_penalty", 1.0);
  return sampling;
}

void check_pass(const std::string& label, const lm::ComposePass& pass, const json& expected,
                Check& check) {
  const lm::PassResult& result = pass.result;
  check.equal(label + ".prompt_ids", result.prompt_ids, expected.at("prompt_ids"));
  check.equal(label + ".new_ids", result.new_ids, expected.at("new_ids"));
  check.equal(label + ".max_new_tokens", pass.request.max_new_tokens,
              expected.at("max_new_tokens"));
  const bool is_guided = expected.at("mode") == "cfg";
  check.equal(label + ".mode", pass.request.cfg_scale > 1.0 ? "cfg" : "plain", expected.at("mode"));
  if (pass.request.grammar) {
    check.equal(label + ".state_after", lm::state_name(result.end_state),
                expected.at("state_after"));
  }
  if (!is_guided) return;
  check.equal(label + ".cfg_scale", pass.request.cfg_scale, expected.at("cfg_scale"));
  check.equal(label + ".uncond_ids", result.unconditional_ids, expected.at("uncond_ids"));
  const json padding = json::array({result.prompt_padding, result.unconditional_padding});
  json expected_padding = json::array();
  for (const json& row : expected.at("attention_mask")) {
    expected_padding.push_back(std::count(row.begin(), row.end(), 0));
  }
  check.equal(label + ".attention_mask", padding, expected_padding);
}

void check_passes(const Call& call, const std::vector<lm::ComposePass>& passes, Check& check) {
  const json& expected = call.entry.at("passes");
  check.equal(call.name + ".passes", passes.size(), expected.size());
  for (size_t i = 0; i < std::min(passes.size(), expected.size()); ++i) {
    check_pass(call.name + ".passes[" + std::to_string(i) + "]", passes[i], expected[i], check);
  }
}

lm::ComposeRequest compose_request(const Call& call) {
  const json& args = call.args;
  lm::ComposeRequest request;
  request.caption = args.at("caption");
  request.lyrics = args.at("lyrics");
  request.goal = args.at("infer_type") == "dit" ? lm::ComposeGoal::kMetadata
                                                : lm::ComposeGoal::kMetadataAndCodes;
  request.given = metadata_from(args.value("user_metadata", json()));
  if (args.contains("target_duration")) request.target_seconds = args["target_duration"];
  request.use_cot_metas = args.value("use_cot_metas", true);
  request.use_cot_caption = args.value("use_cot_caption", true);
  request.use_cot_language = args.value("use_cot_language", true);
  request.use_constrained_decoding = args.value("use_constrained_decoding", true);
  request.sampling = sampling_of(args, 0.85);
  request.cfg_scale = args.value("cfg_scale", 1.0);
  request.negative_prompt = args.value("negative_prompt", request.negative_prompt);
  request.limits = call.limits;
  request.compat = lm::Compat::kReference;
  return request;
}

// Result of a batch: lists; of a single song: the values themselves.
json compose_result(const std::vector<lm::Composition>& songs, bool is_batch) {
  json metadata = json::array();
  json codes = json::array();
  for (const lm::Composition& song : songs) {
    metadata.push_back(metadata_json(song.metadata));
    codes.push_back(song.audio_codes_text);
  }
  return {{"metadata", is_batch ? metadata : metadata[0]},
          {"audio_codes", is_batch ? codes : codes[0]}};
}

void run_compose(const Call& call, Check& check) {
  const json& expected = call.entry.at("result");
  const std::string goal = call.args.at("infer_type");
  if (goal != "dit" && goal != "llm_dit") {
    // Such a request cannot even be written down here; the reference answers with an error.
    check.equal(call.name + ".success", false, expected.at("success"));
    return;
  }
  const lm::ComposeRequest request = compose_request(call);
  const auto batch_size = call.args.value("batch_size", size_t{1});
  std::vector<lm::Composition> songs;
  try {
    if (batch_size > 1) {
      songs = lm::compose_reference_batch(call.model, request, call.generator(),
                                          call.args.at("seeds").get<std::vector<uint64_t>>());
    } else {
      songs.push_back(lm::compose(call.model, request, call.generator()));
    }
  } catch (const Error& error) {
    const bool fails = expected.contains("raised") || !expected.value("success", true);
    check.equal(call.name + ": " + error.message(), true, fails);
    return;
  }
  const json result = compose_result(songs, batch_size > 1);
  check.equal(call.name + ".metadata", result["metadata"], expected.at("metadata"));
  check.equal(call.name + ".audio_codes", result["audio_codes"], expected.at("audio_codes"));
  std::vector<lm::ComposePass> passes;
  for (const lm::Composition& song : songs) {
    passes.insert(passes.end(), song.passes.begin(), song.passes.end());
  }
  check_passes(call, passes, check);
}

lm::SampleOptions sample_options(const Call& call, double temperature) {
  lm::SampleOptions options;
  options.sampling = sampling_of(call.args, temperature);
  options.use_constrained_decoding = call.args.value("use_constrained_decoding", true);
  options.limits = call.limits;
  options.compat = lm::Compat::kReference;
  return options;
}

lm::Sample run_sample_flow(const Call& call) {
  const json& args = call.args;
  const std::string kind = call.entry.at("call");
  if (kind == "understand_audio_from_codes") {
    return lm::understand(call.model, args.at("audio_codes"), sample_options(call, 0.3),
                          call.generator());
  }
  if (kind == "create_sample_from_query") {
    const lm::Wish wish{args.at("query"), args.value("instrumental", false),
                        value_or<std::string>(args, "vocal_language", "")};
    return lm::create_sample(call.model, wish, sample_options(call, 0.85), call.generator());
  }
  const lm::Draft draft{args.at("caption"), args.at("lyrics"),
                        metadata_from(args.value("user_metadata", json()))};
  return lm::format_sample(call.model, draft, sample_options(call, 0.85), call.generator());
}

void run_sample(const Call& call, Check& check) {
  const json& expected = call.entry.at("result");
  try {
    const lm::Sample sample = run_sample_flow(call);
    check.equal(call.name + ".ok", true, expected.at("ok"));
    check.equal(call.name + ".value", metadata_json(sample.metadata), expected.at("value"));
    check_passes(call, {sample.pass}, check);
  } catch (const Error& error) {
    check.equal(call.name + ": " + error.message(), false, expected.at("ok"));
  }
}

// generate_from_formatted_prompt: one pass with the call's own defaults.
void run_prompt(const Call& call, Check& check) {
  const json cfg = call.args.value("cfg", json::object());
  const std::string caption = cfg.value("caption", "");
  const std::string lyrics = cfg.value("lyrics", "");
  const std::string negative = cfg.value("negative_prompt", std::string(text::kNoUserInput));
  if (call.args.value("use_constrained_decoding", true)) {
    throw std::runtime_error("constrained generate_from_formatted_prompt calls are not read yet");
  }
  lm::PassRequest request;
  request.prompt = call.args.at("formatted_prompt");
  request.unconditional_prompt =
      text::uncond_prompt({caption, lyrics, negative}, lm::Phase::kCot, text::LmBatch::kSingle);
  request.cfg_scale = cfg.value("cfg_scale", 1.0);
  request.sampling = sampling_of(cfg, 0.6);
  request.max_new_tokens = text::max_new_tokens({std::nullopt, lm::Phase::kCot, 4096}, call.limits);
  lm::ComposePass pass{request, lm::run_pass(call.model, request, call.generator())};
  check.equal(call.name + ".value", pass.result.text, call.entry.at("result").at("value"));
  // The unguided loop is the library's own, whose passes the data does not record.
  if (!call.entry.at("passes").empty()) check_passes(call, {pass}, check);
}

void run_call(const Call& call, Check& check) {
  const std::string kind = call.entry.at("call");
  if (kind == "generate_with_stop_condition") return run_compose(call, check);
  if (kind == "generate_from_formatted_prompt") return run_prompt(call, check);
  for (const char* flow :
       {"understand_audio_from_codes", "create_sample_from_query", "format_sample_from_input"}) {
    if (kind == flow) return run_sample(call, check);
  }
  check.fail(call.name + ": unknown call " + kind);
}

}  // namespace

void run_generate(const Case& the_case, Check& check) {
  const GoldenLm lm(lm_folder(the_case, "model"), lm::kDurationMaxSeconds);
  lm::EagerDecoder decoder(lm.model);
  std::map<int, lm::TokenTables> tables_by_limit;
  for (const json& entry : the_case.data) {
    const int limit = entry.value("gpu_max_duration", lm::kDurationMaxSeconds);
    const lm::TokenTables& tables =
        tables_by_limit.try_emplace(limit, lm.tokenizer, lm.model.vocab_size(), limit, at::kCPU)
            .first->second;
    const lm::LanguageModel model{decoder, tables};
    Call call{model, entry, entry.at("args"), entry.at("name"), {}};
    call.limits.max_duration_seconds = limit;
    call.limits.max_model_tokens = entry.value("max_model_len", call.limits.max_model_tokens);
    run_call(call, check);
    check.count();
  }
}

}  // namespace acestep::golden
