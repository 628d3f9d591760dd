#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/bench_run.h"
#include "cli/bench_service.h"
#include "cli/commands.h"
#include "cli/dry_run.h"
#include "cli/log.h"
#include "cli/models_place.h"
#include "cli/profile_commands.h"
#include "cli/signals.h"
#include "profile/stage_times.h"
#include "profile/tier_record.h"
#include "request/text.h"
#include "request/value.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using profile::BenchCase;
using profile::BenchMatrix;
using profile::BenchRecord;

constexpr char kModes[] = "profile, benchmark, understand, create_sample, format_sample";

// "30,60" -> numbers within the bounds that the field of the same meaning has.
template <typename Number>
std::vector<Number> list_of(const CommandCall& call, const std::string& option,
                            const std::vector<Number>& usual, double least, double most) {
  if (!call.has(option)) return usual;
  constexpr auto kType =
      std::is_same_v<Number, double> ? request::FieldType::kReal : request::FieldType::kInteger;
  std::vector<Number> numbers;
  for (const std::string& piece : request::split_any(call.text(option), ", ")) {
    const auto value = request::value_from_text(kType, piece);
    const Number* number = value ? std::get_if<Number>(&*value) : nullptr;
    const request::ValueRange range = {least, most};
    if (number == nullptr || !request::contains(range, static_cast<double>(*number))) {
      throw Error(ErrorCode::kUsage, "--" + option + ": " + request::in_quotes(piece) +
                                         ": expected numbers " + request::describe(range) +
                                         ", such as 1,2");
    }
    numbers.push_back(*number);
  }
  if (!numbers.empty()) return numbers;
  throw Error(ErrorCode::kUsage, "--" + option + " names no number");
}

std::vector<bool> thinks_of(const CommandCall& call, const std::string& usual) {
  const std::string word = call.text("think", usual);
  if (word == "both") return {false, true};
  return {word == "on"};
}

BenchMatrix matrix_of(const CommandCall& call, const std::string& usual_think) {
  const BenchMatrix usual;
  return {.seconds = list_of<double>(call, "durations", usual.seconds, 10, 600),
          .songs = list_of<int64_t>(call, "batches", usual.songs, 1, 64),
          .steps = list_of<int64_t>(call, "steps", usual.steps, 1, 200),
          .thinks = thinks_of(call, usual_think)};
}

void write_output(const CommandCall& call, const json& content) {
  const std::string file = call.text("benchmark_output");
  if (!file.empty()) {
    util::write_atomically(file, content.dump(2) + "\n", util::Existing::kReplace);
  }
}

bool warms_up(const CommandCall& call) { return !call.has("warmup") || call.is_on("warmup"); }

void warm_up(const CommandCall& call, BenchRun& bench, const BenchCase& the_case) {
  if (!warms_up(call)) return;
  spdlog::info("warming up: models are loaded, nothing is measured");
  bench.make(the_case);
}

// What the language model was told and answered, and how fast.
void tell_language_model(const json& result, const profile::RunTimes& times) {
  const json& extra = result.at("extra_outputs");
  std::cerr << prompts_text(extra.at("prompts"));
  const double seconds = extra.at("time_costs").value("lm_phase2_time", 0.0);
  constexpr double kCodesPerSecond = 5;  // of song
  if (seconds <= 0) return;
  spdlog::info("{:.1f} audio codes a second", times.song_seconds * kCodesPerSecond / seconds);
}

int profile_one(const CommandCall& call, BenchRun& bench, bool as_json) {
  const BenchCase the_case = matrix_of(call, "off").cases().front();
  warm_up(call, bench, the_case);
  const json result = bench.make(the_case);
  const profile::RunTimes times = profile::times_of(result);
  if (call.is_on("llm_debug")) tell_language_model(result, times);
  json object = profile::bench_json({the_case, times});
  write_output(call, object);
  if (as_json) {
    object["command"] = "bench profile";
    object["exit_code"] = 0;
    std::cout << object.dump(2) << '\n';
    return 0;
  }
  const auto detail = call.is_on("detailed") ? profile::Detail::kParts : profile::Detail::kStages;
  std::cout << columns(profile::time_cells(times, detail));
  std::cout << times.song_seconds << " s of song in " << times.total_seconds
            << " s: " << times.realtime_factor() << " times as fast as it plays\n";
  return 0;
}

bool is_stop(const Error& error) {
  return error.code() == ErrorCode::kInterrupted || error.code() == ErrorCode::kTerminated;
}

// A case that fails is a row of its own: the others are still worth measuring.
BenchRecord measure(BenchRun& bench, const BenchCase& the_case) {
  try {
    return {the_case, profile::times_of(bench.make(the_case))};
  } catch (const Error& error) {
    // Usage and models are the same for every case.
    if (is_stop(error) || error.code() == ErrorCode::kModel) throw;
    spdlog::warn("{}", error.message());
    return {.the_case = the_case, .error = request::split_any(error.message(), "\n").front()};
  }
}

int run_matrix(const CommandCall& call, BenchRun& bench, bool as_json) {
  const std::vector<BenchCase> cases = matrix_of(call, "both").cases();
  std::vector<BenchRecord> records;
  json list = json::array();
  bool all_pass = true;
  for (const BenchCase& the_case : cases) {
    const bool takes_other_models =
        records.empty() || records.back().the_case.thinks != the_case.thinks;
    if (takes_other_models) warm_up(call, bench, the_case);
    spdlog::info("{} of {}: {} s, {} songs, {} steps, thinking {}", records.size() + 1,
                 cases.size(), the_case.seconds, the_case.songs, the_case.steps,
                 the_case.thinks ? "on" : "off");
    records.push_back(measure(bench, the_case));
    list.push_back(profile::bench_json(records.back()));
    all_pass = all_pass && records.back().passes();
    write_output(call, list);
  }
  const int exit_code = all_pass ? 0 : static_cast<int>(ErrorCode::kSomeFailed);
  if (as_json) {
    std::cout
        << json{{"command", "bench benchmark"}, {"records", list}, {"exit_code", exit_code}}.dump(2)
        << '\n';
  } else {
    std::cout << columns(profile::bench_cells(records));
  }
  return exit_code;
}

void require_mode(const std::string& mode) {
  if (mode == "profile" || mode == "benchmark") return;
  throw Error(ErrorCode::kUsage, "mode " + request::in_quotes(mode) + " is none",
              std::string("one of ") + kModes);
}

int run(const CommandCall& call) {
  const std::string mode = call.argument(0);
  return run_bench(call, mode.empty() ? "profile" : mode);
}

}  // namespace

int run_bench(const CommandCall& call, const std::string& mode) {
  if (is_service_mode(mode)) return bench_service(call, mode);
  require_mode(mode);
  GivenSettings given = read_given_settings(call);
  const request::Settings settings = resolve(given).settings();
  start_log(settings);
  if (!given.options.contains("seed")) given.options["seed"] = {int64_t{42}, "bench"};
  if (call.has("seed")) given.options["seed"] = {call.integer("seed", 42, 0, INT64_MAX), "cli"};
  if (call.is_on("llm_debug")) given.options["print_prompts"] = {true, "cli"};
  util::StopToken stop;
  const SignalGuard guard(stop);
  BenchRun bench(std::move(given), call.surroundings().cuda, stop);
  if (mode == "profile") return profile_one(call, bench, settings.json);
  return run_matrix(call, bench, settings.json);
}

std::vector<CommandOption> bench_options() {
  return {
      {.name = "durations",
       .value = "LIST",
       .help = "seconds of a song; profile takes the first of each list",
       .fallback = "30,60,120"},
      {.name = "batches", .value = "LIST", .help = "songs of a request", .fallback = "1,2"},
      {.name = "steps", .value = "LIST", .help = "denoising steps", .fallback = "8"},
      {.name = "think",
       .value = "WHICH",
       .help = "with the language model: on, off or both",
       .choices = {"on", "off", "both"},
       .fallback = "both; profile: off"},
      {.name = "seed", .value = "N", .help = "of the first song", .fallback = "42"},
      {.name = "warmup",
       .help = "make the first case once before anything is measured",
       .fallback = "on"},
      {.name = "detailed", .help = "profile: the parts of stages, too"},
      {.name = "llm_debug",
       .help = "profile and services: what the language model is told and answers, and how fast"},
      {.name = "benchmark_output", .value = "FILE", .help = "write the result, as JSON"}};
}

std::vector<std::string> bench_field_names() {
  return {"json",           "caption",
          "lyrics",         "sample_query",
          "instrumental",   "audio_codes",
          "vocal_language", "bpm",
          "keyscale",       "timesignature",
          "guidance_scale", "config_path",
          "lm_model_path",  "vae_checkpoint",
          "checkpoint_dir", "project_root",
          "device",         "dtype",
          "quantization",   "lm_quantization",
          "threads",        "rng",
          "compat"};
}

Command bench_command() {
  return {
      .name = "bench",
      .summary = "how long each stage of a song takes, and how much memory",
      .details =
          "profile makes one song and tells where its time went. benchmark makes songs of every "
          "combination of\nlength, number, steps and thinking. The models stay loaded; the songs "
          "are thrown away. Without a\ncaption or lyrics it is the reference's example song. "
          "Exit code 8: a case of the matrix failed.\n\nunderstand, create_sample and "
          "format_sample "
          "measure the language model's services alone: the commands of\nthese names tell what "
          "they "
          "do.",
      .arguments = {{.name = "MODE",
                     .help = "profile, benchmark, understand, create_sample or format_sample; "
                             "without one: profile",
                     .is_required = false}},
      .options = bench_options(),
      .fields = bench_field_names(),
      .examples = {{"acestep bench profile --durations 60 --detailed", "one song, in detail"},
                   {"acestep bench benchmark --think off --benchmark-output matrix.json",
                    "the matrix without a language model"}},
      .run = run};
}

}  // namespace acestep::cli
