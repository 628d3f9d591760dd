#include "cli/bench_service.h"

#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/bench_run.h"
#include "cli/engine_call.h"
#include "cli/models_place.h"
#include "cli/progress.h"
#include "cli/service_call.h"
#include "cli/signals.h"
#include "pipeline/words.h"
#include "text/lm_prompt.h"
#include "util/atomic_file.h"
#include "util/stopwatch.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

constexpr char kSource[] = "bench";

// What a mode takes for granted: a seed, models that stay, and words where none are given.
request::Layer layer_of(const CommandCall& call, const std::string& mode,
                        const GivenSettings& given) {
  request::Layer layer;
  layer["keep_loaded"] = {true, kSource};
  if (!given.options.contains("seed")) layer["seed"] = {int64_t{42}, kSource};
  if (call.has("seed")) layer["seed"] = {call.integer("seed", 42, 0, UINT32_MAX), "cli"};
  layer[mode == "format_sample" ? "use_format" : "sample_mode"] = {true, kSource};
  if (mode != "format_sample" || has_words(given)) return layer;
  const request::Layer example = example_layer();
  for (const char* field : {"caption", "lyrics"}) layer[field] = example.at(field);
  return layer;
}

pipeline::ServiceTask task_of(const std::string& mode, const request::Settings& settings) {
  if (mode == "understand") {
    const bool has_codes = !settings.audio_codes.empty();
    return pipeline::CodesToDescribe{has_codes ? settings.audio_codes
                                               : std::string(text::kNoUserInput)};
  }
  return pipeline::planned_tasks(settings, compat_of(settings)).front();
}

json result_of(const std::string& mode, const pipeline::ServiceAnswer& answer, double seconds) {
  const lm::PassResult& pass = answer.pass.result;
  const auto tokens = static_cast<double>(pass.new_ids.size());
  return {{"command", "bench " + mode},
          {"seconds", seconds},
          {"prompt_tokens", pass.prompt_ids.size()},
          {"prompt_seconds", pass.prompt_seconds},
          {"constraint_seconds", pass.constraint_seconds},
          {"tokens", pass.new_ids.size()},
          {"tokens_per_second", tokens / pass.seconds},
          {"song", pipeline::to_json(answer.song)},
          {"exit_code", 0}};
}

void print_text(const json& result, const pipeline::SongDescription& song,
                const request::Settings& settings) {
  std::vector<std::vector<std::string>> rows;
  for (const char* name : {"seconds", "prompt_tokens", "prompt_seconds", "constraint_seconds",
                           "tokens", "tokens_per_second"}) {
    rows.push_back({name, result.at(name).dump()});
  }
  std::cout << columns(rows) << '\n';
  show_description(song, settings);
}

}  // namespace

bool is_service_mode(const std::string& mode) {
  return mode == "understand" || mode == "create_sample" || mode == "format_sample";
}

int bench_service(const CommandCall& call, const std::string& mode) {
  GivenSettings given = read_given_settings(call);
  request::Layer layer = layer_of(call, mode, given);
  const Prepared prepared = prepare_service(std::move(given), "bench " + mode, std::move(layer));
  const request::Settings& settings = prepared.settings();
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(ProgressStyle::kNone, std::cerr);
  pipeline::OpenedModels models =
      pipeline::open_models(machine_options(prepared), call.surroundings().cuda,
                            {.dit = false, .text_encoder = false, .vae = false});
  const auto ask = [&] {
    return ask_language_model(prepared, task_of(mode, settings), service_seed(settings), models,
                              progress, stop);
  };
  if (!call.has("warmup") || call.is_on("warmup")) {
    spdlog::info("warming up: the model is loaded, nothing is measured");
    ask();
  }
  const util::Stopwatch watch;
  const pipeline::ServiceAnswer answer = ask();
  const json result = result_of(mode, answer, watch.seconds());
  if (call.is_on("llm_debug")) {
    std::cerr << answer.pass.request.prompt << answer.pass.result.text << '\n';
  }
  const std::string out = call.text("benchmark_output");
  if (!out.empty()) util::write_atomically(out, result.dump(2) + "\n", util::Existing::kReplace);
  if (settings.json) {
    print_json(result);
  } else {
    print_text(result, answer.song, settings);
  }
  return 0;
}

}  // namespace acestep::cli
