#include <spdlog/spdlog.h>

#include <algorithm>
#include <iostream>

#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/machine_plan.h"
#include "cli/prepare.h"
#include "cli/profile_commands.h"
#include "cli/signals.h"
#include "cli/tier_test_view.h"
#include "plan/language_model.h"
#include "plan/vram_limit.h"
#include "profile/generate_runner.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using profile::TierPlanner;
using profile::TierTestOptions;

// "6 8 16" and "6,8,16", behind --tiers and as arguments.
std::vector<double> sizes_of(const CommandCall& call) {
  std::vector<std::string> texts = call.texts("tiers");
  texts.insert(texts.end(), call.arguments().begin(), call.arguments().end());
  std::vector<double> sizes;
  for (const std::string& text : texts) {
    for (const std::string& piece : request::split_any(text, ", ")) {
      const auto size = plan::read_vram_limit(piece);
      if (!size) {
        throw Error(ErrorCode::kUsage,
                    "--tiers: " + request::in_quotes(piece) + " is no size in GB",
                    "numbers above 0, such as --tiers 6 8 16");
      }
      sizes.push_back(*size);
    }
  }
  return sizes.empty() ? profile::default_sizes_gb() : sizes;
}

TierTestOptions options_of(const CommandCall& call) {
  constexpr double kShortest = 10;  // of a song, as everywhere
  constexpr double kLongest = 600;
  const TierTestOptions usual;
  return {.sizes_gb = sizes_of(call),
          .seconds = call.real("tier_duration", usual.seconds, kShortest, kLongest),
          .with_lm = call.is_on("tier_with_lm"),
          .boundary = call.is_on("tier_boundary"),
          .batch_boundary = call.is_on("tier_batch_boundary")};
}

TierPlanner planner_of(const CommandCall& call, const request::Gathered& gathered) {
  const request::Settings& settings = gathered.settings;
  const pipeline::ModelFolders models = models_named_by(settings);
  request::Findings nothing;  // each size is given below
  const plan::Simulation simulation = simulation_of(settings, models, nothing);
  const auto device_of = [machine = this_machine(call.surroundings().cuda), simulation,
                          name = settings.device](double size_gb) {
    plan::Simulation simulated = simulation;
    simulated.max_gib = size_gb;
    return plan::choose_device(name, machine, simulated);
  };
  plan::Surroundings surroundings = surroundings_of(settings, models);
  if (settings.dry_run && surroundings.lms_on_disk.empty()) {
    spdlog::info("no language model is installed: planned as if all were");
    using enum plan::LmSize;
    for (const plan::LmSize size : {k0_6B, k1_7B, k4B}) {
      surroundings.lms_on_disk.push_back(plan::lm_name(size));
    }
  }
  plan::Wishes wishes = wishes_of(gathered);
  wishes.language_model.reset();  // each run decides
  return TierPlanner(options_of(call), device_of, wishes, surroundings);
}

// Typed options that every run gets as they are.
std::vector<std::string> passed_on(const CommandCall& call) {
  std::vector<std::string> options;
  for (const auto& [name, text] : call.field_texts()) {
    const std::vector<std::string> own = {"json", "dry_run", "lm_model_path", "log_file"};
    const bool is_own = std::find(own.begin(), own.end(), name) != own.end();
    if (!is_own) options.push_back("--" + name + "=" + text);
  }
  return options;
}

profile::GenerateSettings generate_settings(const CommandCall& call) {
  const profile::GenerateSettings usual;
  return {.passed_on = passed_on(call),
          .steps = call.integer("steps", usual.steps, 1, 200),
          .seed = call.integer("seed", usual.seed, 0, INT64_MAX)};
}

// Every run would fail without them.
void require_models_of(request::Settings settings) {
  settings.lm_model_path = "none";  // a tier may do without
  pipeline::require_models(models_named_by(settings), checkpoint_folder(settings));
}

int show_plans(const TierPlanner& planner, bool as_json) {
  if (as_json) {
    const nlohmann::json object = {
        {"command", "tier-test"}, {"tiers", tier_plans_json(planner)}, {"exit_code", 0}};
    std::cout << object.dump(2) << '\n';
  } else {
    std::cout << tier_plans_text(planner);
  }
  return 0;
}

int show_result(const TierTestOptions& options, const profile::TierTestResult& result,
                const std::optional<profile::Comparison>& comparison, bool as_json) {
  const bool is_bad = !result.default_runs_pass() || (comparison && comparison->is_worse());
  const TierTestReport report = {
      .options = options,
      .result = result,
      .comparison = comparison,
      .exit_code = is_bad ? static_cast<int>(ErrorCode::kSomeFailed) : 0};
  std::cout << (as_json ? tier_test_json(report).dump(2) + "\n" : tier_test_text(report));
  return report.exit_code;
}

}  // namespace

int run_tier_test(const CommandCall& call) {
  const request::Gathered gathered = gather_fields(call);
  const request::Settings& settings = gathered.settings;
  const TierPlanner planner = planner_of(call, gathered);
  if (settings.dry_run) return show_plans(planner, settings.json);
  require_models_of(settings);
  // Read first: both may be the same file.
  std::optional<std::vector<profile::TierRecord>> earlier;
  if (call.has("compare")) earlier = profile::read_records(call.text("compare"));

  util::StopToken stop;
  const SignalGuard guard(stop);
  profile::WorkFolder folder("acestep-tier-test");
  profile::GenerateRunner runner(generate_settings(call), folder, stop);
  TierTestProgress progress({.records = call.text("benchmark_output"), .chart = call.text("plot")});
  const profile::TierTestResult result = profile::run_tier_test(planner, runner, progress);
  std::optional<profile::Comparison> comparison;
  if (earlier) comparison = profile::compare(*earlier, result.records);
  return show_result(planner.options(), result, comparison, settings.json);
}

std::vector<CommandOption> tier_test_options() {
  std::vector<CommandOption> options = {
      {.name = "tiers",
       .value = "GB",
       .help = "sizes to test; more may follow as plain words",
       .fallback = "4 6 8 12 16 20 24 48",
       .repeats = true},
      {.name = "tier_duration",
       .value = "SECONDS",
       .help = "length of the song; a tier's limit shortens it",
       .fallback = "240"},
      {.name = "tier_with_lm", .help = "with the language model where the tier has one"},
      {.name = "tier_boundary",
       .help = "try without INT8, and without INT8 and offload, too: where can they go"},
      {.name = "tier_batch_boundary",
       .help = "try 1, 2, 4 and 8 songs at once, without and with the language model"},
      {.name = "tier_skip_compile",
       .help = "accepted, without effect: there is no compiler of models in this program"},
      {.name = "benchmark_output", .value = "FILE", .help = "write the records, as JSON"},
      {.name = "compare",
       .value = "FILE",
       .help =
           "such records of an earlier test: what fails now or takes over 5 % more memory is an "
           "error"},
      {.name = "plot", .value = "FILE", .help = "write a chart of peak memory, as SVG"},
      {.name = "steps", .value = "N", .help = "denoising steps", .fallback = "8"},
      {.name = "seed", .value = "N", .help = "of the first song", .fallback = "42"}};
  return options;
}

std::vector<std::string> tier_test_field_names() {
  return {"json",        "dry_run",       "device",           "dtype",        "threads",
          "config_path", "lm_model_path", "vae_checkpoint",   "project_root", "checkpoint_dir",
          "sim_scale",   "sim_compute",   "allow_unsupported"};
}

Command tier_test_command() {
  return {
      .name = "tier-test",
      .summary = "songs on simulated cards of every size: what fits, and how closely",
      .details =
          "Every run is a process of its own with the memory of one size (--max_vram). Without a "
          "card it is\nsimulated in host memory. docs/TIER_TEST.md tells how to read the "
          "results. Exit code 8: a run\nwith a tier's own settings failed, or --compare found "
          "something worse.",
      .arguments =
          {{.name = "GB", .help = "sizes, like --tiers", .is_required = false, .repeats = true}},
      .options = tier_test_options(),
      .fields = tier_test_field_names(),
      .examples = {{"acestep tier-test --dry-run", "what every size would do, without models"},
                   {"acestep tier-test --tiers 6 8 16 --tier-with-lm",
                    "three sizes, with the language model"},
                   {"acestep tier-test --tier-boundary --benchmark-output results.json",
                    "where INT8 and offload can go"},
                   {"acestep tier-test --compare results.json --plot memory.svg",
                    "is it worse than before"}},
      .run = run_tier_test};
}

}  // namespace acestep::cli
