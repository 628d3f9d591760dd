// The reference's tier test in worlds of its making, and ours in the same ones.
#include "profile/tier_test.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "profile/batch_limits.h"
#include "profile/boundary.h"
#include "profile/generate_runner.h"

namespace acestep::golden {
namespace {

using nlohmann::json;
using profile::TierRecord;
using profile::TierRun;

// Where the reference's songs fit (the table's notes): nowhere, everywhere, or by a sum of GB.
class World final : public profile::Runner {
 public:
  explicit World(std::string name) : name_(std::move(name)) {}

  TierRecord make(const TierRun& run) override {
    const double to_load =
        (run.quantization == "none" ? 4.7 : 2.4) + (run.offload_to_cpu ? 0 : 6) + 1;
    const double to_generate =
        to_load + 1.2 * static_cast<double>(run.songs) + (run.uses_lm() ? 2 : 0);
    const bool is_curve = name_ == "curve";
    if (name_ == "all_fail" || (is_curve && to_load > run.size_gb)) {
      return {run, {.error = "Init OOM: boom", .peak_gb = 0.0}};
    }
    if (is_curve && to_generate > run.size_gb) {
      return {run, {.is_loaded = true, .error = "OOM: boom", .peak_gb = 3.0}};
    }
    return {run, {.is_loaded = true, .is_done = true, .peak_gb = 3.0}};
  }

 private:
  std::string name_;
};

class Deaf final : public profile::TierTestListener {
 public:
  void size_begins(double, const plan::Plan&) override {}
  void run_begins(const TierRun&) override {}
  void run_ends(const TierRecord&) override {}
  void skips(const profile::Skip&) override {}
};

const std::vector<double>& reference_sizes() {
  static const std::vector<double> sizes = {4, 6, 8, 12, 16, 24, 48};
  return sizes;
}

profile::TierTestOptions options_of(const json& arguments) {
  profile::TierTestOptions options{.sizes_gb = {}};
  std::string last;
  for (const std::string word : arguments) {
    if (word.starts_with("--")) last = word;
    options.with_lm = options.with_lm || word == "--tier-with-lm";
    options.boundary = options.boundary || word == "--tier-boundary";
    options.batch_boundary = options.batch_boundary || word == "--tier-batch-boundary";
    if (word == last) continue;
    if (last == "--tiers") options.sizes_gb.push_back(std::stod(word));
    if (last == "--tier-duration") options.seconds = std::stod(word);
  }
  if (options.sizes_gb.empty()) options.sizes_gb = reference_sizes();
  return options;
}

// What the guide promises at the sizes that the reference gives to the smaller tier.
struct Promise {
  bool offload;
  bool offload_dit;
  const char* lm;
  double seconds_without_lm;  // longest song
  std::pair<int, int> songs;  // with and without a language model
};
const std::map<double, Promise>& promises() {
  static const std::map<double, Promise> table = {
      {8, {true, true, "acestep-5Hz-lm-0.6B", 600, {2, 4}}},
      {12, {true, false, "acestep-5Hz-lm-1.7B", 600, {4, 4}}},
      {24, {false, false, "acestep-5Hz-lm-4B", 600, {8, 8}}}};
  return table;
}

// The reference's record with what the guide says instead.
json expected_record(json record, double asked_seconds) {
  const double gb = record.at("tier_gb");
  const std::string tier = guide_tier(record.at("tier"), gb);
  record["tier"] = tier;
  if (is_pt_tier(tier)) record["lm_backend"] = "pt";
  const auto promise = promises().find(gb);
  if (promise == promises().end()) return record;
  record["lm_backend"] = "vllm";
  if (record.at("offload").get<bool>()) record["offload_dit"] = promise->second.offload_dit;
  if (record.at("use_lm").get<bool>()) record["lm_model"] = promise->second.lm;
  record["duration"] = std::min(asked_seconds, promise->second.seconds_without_lm);
  return record;
}

// Without an installed language model the reference tests batches "with" none.
bool is_batch_with_missing_lm(const json& record) {
  return record.at("test_variant").get<std::string>().starts_with("batch-LM-") &&
         !record.at("use_lm").get<bool>();
}

json expected_records(const Call& call, double asked_seconds) {
  json records = json::array();
  for (const json& record : call.out.at("records")) {
    if (!is_batch_with_missing_lm(record)) {
      records.push_back(expected_record(record, asked_seconds));
    }
  }
  return records;
}

// Without times, as in the table.
json our_records(const profile::TierTestResult& result) {
  json records = json::array();
  for (const TierRecord& record : result.records) {
    json object = profile::record_json(record);
    for (const char* time : {"lm_time", "dit_time", "vae_time"}) object.erase(time);
    object["wall_time"] = nullptr;
    records.push_back(std::move(object));
  }
  return records;
}

json skipped_variants(const profile::TierTestResult& result) {
  json names = json::array();
  for (const profile::Skip& skip : result.skips) {
    if (skip.variant != "LM") names.push_back(skip.variant);
  }
  return names;
}

json summary_of(const json& records) {
  const auto passed = std::count_if(records.begin(), records.end(), [](const json& record) {
    return record.at("gen_success").get<bool>();
  });
  const auto run = static_cast<std::ptrdiff_t>(records.size());
  return {{"run", run}, {"passed", passed}, {"failed", run - passed}};
}

// ["tier4", "8GB"] of the reference with the guide's tier.
json by_guide(json pair) {
  std::string size = pair.at(1);
  if (size == "N/A") return pair;
  pair[0] = guide_tier(pair.at(0), std::stod(size));
  return pair;
}

void check_boundary(const Call& call, const profile::TierTestResult& result, Check& check) {
  const profile::Boundaries ours = profile::find_boundaries(result.records);
  const json& theirs = call.out.at("boundary");
  json failures = json::array();
  const auto compare = [&](const char* name, const profile::Boundary& boundary) {
    json pair = {"N/A", "N/A"};
    if (boundary.smallest) {
      const TierRun& run = boundary.smallest->run;
      pair = {run.tier, profile::number_json(run.size_gb).dump() + "GB"};
    }
    if (boundary.smallest && boundary.last_failure) {
      const TierRun& run = boundary.last_failure->run;
      failures.push_back({run.tier, profile::number_json(run.size_gb).dump()});
    }
    check.equal(call.id + "/" + name, pair, by_guide(theirs.at(name)));
  };
  compare("no_quantization", ours.no_quantization);
  compare("no_offload", ours.no_offload);
  json expected = json::array();
  for (const json& failure : theirs.at("last_failures")) expected.push_back(by_guide(failure));
  check.equal(call.id + "/last_failures", failures, expected);
}

json limit_cells(const profile::BatchLimit& limit) {
  char peak[32];
  std::snprintf(peak, sizeof(peak), "%.2fGB", limit.peak_gb.value_or(0));
  const bool has_peak = limit.tested.value_or(0) > 0;
  return {limit.tested_text(), has_peak ? std::string(peak) : "-"};
}

// Ours names a limit of which nothing passed, too; the reference calls it OK.
std::string change(const char* name, const std::string& configured, const std::string& tested) {
  if (tested == "N/A" || tested == configured) return "";
  return std::string(name) + ": " + configured + " -> " + tested;
}

std::string with_ascii_arrows(std::string text) {
  const std::string arrow = "→";
  for (size_t at = text.find(arrow); at != std::string::npos; at = text.find(arrow)) {
    text.replace(at, arrow.size(), " -> ");
  }
  return text;
}

// Size, tier, configured and tested limit without and with a language model, recommendation.
json expected_recommendation(json row, bool has_lm) {
  const double gb = std::stod(row.at(0).get<std::string>());
  row[1] = guide_tier(row.at(1), gb);
  const auto promise = promises().find(gb);
  const bool is_ours = promise != promises().end() || !has_lm || row.at(3) == "FAIL";
  if (promise != promises().end()) {
    row[2] = std::to_string(promise->second.songs.second);
    row[4] = std::to_string(promise->second.songs.first);
  }
  if (!has_lm) row[5] = "N/A";
  if (!is_ours) {
    row[6] = with_ascii_arrows(row.at(6));
    return row;
  }
  const std::string first = change("no_lm", row.at(2), row.at(3));
  const std::string second = change("lm", row.at(4), row.at(5));
  const std::string both = first + (first.empty() || second.empty() ? "" : ", ") + second;
  row[6] = both.empty() ? "OK" : both;
  return row;
}

void check_batches(const Call& call, const profile::TierTestResult& result, Check& check) {
  const auto ours = profile::find_batch_limits(result.records);
  const json& theirs = call.out.at("batch_boundary");
  const bool has_lm = !call.in.at("lms_on_disk").empty();
  check.equal(call.id + "/batch rows", ours.size(), theirs.at("rows").size());
  for (size_t i = 0; i < ours.size(); ++i) {
    const profile::BatchRow& row = ours[i];
    const std::string size = profile::number_json(row.size_gb).dump();
    json expected = theirs.at("rows").at(i);
    expected[1] = guide_tier(expected.at(1), row.size_gb);
    if (!has_lm) {
      expected[4] = "N/A";
      expected[5] = "-";
    }
    json cells = {size, row.tier};
    for (const json& cell : limit_cells(row.without_lm)) cells.push_back(cell);
    for (const json& cell : limit_cells(row.with_lm)) cells.push_back(cell);
    check.equal(call.id + "/batches of " + size, cells, expected);
    const json recommended = {size,
                              row.tier,
                              std::to_string(row.without_lm.configured),
                              row.without_lm.tested_text(),
                              std::to_string(row.with_lm.configured),
                              row.with_lm.tested_text(),
                              row.recommendation()};
    check.equal(call.id + "/recommendation of " + size, recommended,
                expected_recommendation(theirs.at("recommendation").at(i), has_lm));
  }
}

bool has_argument(const std::vector<std::string>& arguments, const std::string& name,
                  const std::string& value) {
  return std::find(arguments.begin(), arguments.end(), "--" + name + "=" + value) !=
         arguments.end();
}

// What the songs of a run are made with. `generation`: the reference's, of the same run.
void check_generation(const std::string& label, const TierRun& run, const json& generation,
                      Check& check) {
  const auto arguments = profile::generate_arguments(run, {}, "request", "songs");
  const auto expect = [&](const char* name, const std::string& value) {
    check.equal(label + "/" + name, has_argument(arguments, name, value), true);
  };
  expect("max_vram", profile::number_json(run.size_gb).dump());
  expect("batch_size", generation.at("batch").dump());
  expect("inference_steps", generation.at("steps").dump());
  expect("seed", generation.at("seeds").at(0).dump());
  expect("thinking", generation.at("thinking").dump());
  expect("audio_format", generation.at("format"));
}

// Generations follow the reference's records that got as far as generating.
void check_generations(const Call& call, const profile::TierTestResult& result, Check& check) {
  size_t ours = 0;
  size_t generated = 0;
  for (const json& record : call.out.at("records")) {
    const bool has_generation = record.at("init_success").get<bool>();
    const size_t generation = generated;
    if (has_generation) ++generated;
    if (is_batch_with_missing_lm(record)) continue;
    const TierRun& run = result.records.at(ours++).run;
    if (!has_generation) continue;
    check_generation(call.id + "/" + run.variant, run, call.out.at("generations").at(generation),
                     check);
  }
  check.equal(call.id + "/generations", generated, call.out.at("generations").size());
}

}  // namespace

void run_tier_test(const Case& the_case, Check& check) {
  std::vector<double> sizes = reference_sizes();
  sizes.insert(std::find(sizes.begin(), sizes.end(), 24.0), 20);  // the guide's boundary
  check.equal("default sizes", profile::default_sizes_gb(), sizes);
  for_each_call(the_case, check, [&](const Call& call) {
    const profile::TierTestOptions options = options_of(call.in.at("args"));
    const profile::TierPlanner planner(
        options, [](double gb) { return device_of("cuda", gb); }, {},
        {.lms_on_disk = call.in.at("lms_on_disk").get<std::vector<std::string>>()});
    World world(call.in.at("world"));
    Deaf listener;
    const profile::TierTestResult result = profile::run_tier_test(planner, world, listener);
    const json expected = expected_records(call, options.seconds);
    check.equal(call.id + "/records", our_records(result), expected);
    check.equal(call.id + "/skipped", skipped_variants(result), call.out.at("skipped_variants"));
    if (expected.size() == call.out.at("records").size()) {
      check.equal(call.id + "/summary", summary_of(our_records(result)), call.out.at("summary"));
    }
    check_generations(call, result, check);
    if (options.boundary) check_boundary(call, result, check);
    if (options.batch_boundary) check_batches(call, result, check);
  });
}

}  // namespace acestep::golden
