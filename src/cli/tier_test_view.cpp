#include "cli/tier_test_view.h"

#include <spdlog/spdlog.h>

#include "cli/models_place.h"
#include "plan/plan_json.h"
#include "plan/size_text.h"
#include "plan/tier_text.h"
#include "profile/batch_limits.h"
#include "profile/boundary.h"
#include "profile/memory_chart.h"
#include "profile/summary.h"
#include "util/atomic_file.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

std::string title(const std::string& words) {
  return "\n" + words + "\n" + std::string(words.size(), '=') + "\n";
}

std::string in_gb(double size_gb) { return plan::bound_text(size_gb) + "GB"; }

json skip_json(const profile::Skip& skip) {
  return {{"tier_gb", profile::number_json(skip.size_gb)},
          {"tier", skip.tier},
          {"test_variant", skip.variant},
          {"reason", skip.reason}};
}

template <typename Items, typename ToJson>
json list_of(const Items& items, ToJson to_json) {
  json list = json::array();
  for (const auto& item : items) list.push_back(to_json(item));
  return list;
}

json tier_plan_json(const profile::TierPlanner& planner, double size_gb) {
  const plan::Plan plan = planner.default_plan(size_gb);
  const profile::TierTestOutline outline = profile::outline(planner, size_gb);
  json object = plan::plan_json(plan);
  object.erase("estimate");
  object["tier_gb"] = profile::number_json(size_gb);
  object["runs"] = list_of(outline.runs, [](const profile::TierRun& planned) {
    return json{
        {"test_variant", planned.variant},      {"use_lm", planned.uses_lm()},
        {"offload", planned.offload_to_cpu},    {"offload_dit", planned.offload_dit_to_cpu},
        {"quantization", planned.quantization}, {"duration", profile::number_json(planned.seconds)},
        {"batch_size", planned.songs}};
  });
  object["skipped"] = list_of(outline.skips, skip_json);
  return object;
}

std::vector<std::string> plan_row(const profile::TierPlanner& planner, double size_gb) {
  const profile::TierRun run = planner.run_of(size_gb, profile::Variant::kDefault);
  const plan::Plan plan = planner.default_plan(size_gb);
  const plan::Tier& tier = *plan.tier.value;
  std::string variants;
  for (const profile::TierRun& planned : profile::outline(planner, size_gb).runs) {
    variants += (variants.empty() ? "" : ", ") + planned.variant;
  }
  return {in_gb(size_gb),
          run.tier,
          run.cap_gb ? plan::number_text(*run.cap_gb) + "GB" : "-",
          profile::offload_text(run),
          run.quantization,
          run.lm_backend,
          run.uses_lm() ? run.lm_model : "none",
          plan::bound_text(run.seconds) + "s",
          std::to_string(tier.with_lm.songs) + " / " + std::to_string(tier.without_lm.songs),
          variants};
}

// What is not as asked, one line each.
std::string notes_of(const profile::TierPlanner& planner, double size_gb) {
  std::string text;
  const request::Findings& findings = planner.default_plan(size_gb).findings;
  for (const auto& adjustment : findings.adjustments) {
    text += in_gb(size_gb) + ": " + request::to_text(adjustment) + "\n";
  }
  for (const std::string& warning : findings.warnings) {
    text += in_gb(size_gb) + ": " + warning + "\n";
  }
  for (const profile::Skip& skip : profile::outline(planner, size_gb).skips) {
    text += in_gb(size_gb) + ": " + skip.variant + " is left out: " + skip.reason + "\n";
  }
  return text;
}

}  // namespace

void TierTestProgress::size_begins(double size_gb, const plan::Plan& plan) {
  spdlog::info("{}: {}", in_gb(size_gb), plan.tier.value->name);
  for (const auto& adjustment : plan.findings.adjustments) {
    spdlog::warn("{}: {}", in_gb(size_gb), request::to_text(adjustment));
  }
  for (const std::string& warning : plan.findings.warnings) {
    spdlog::warn("{}: {}", in_gb(size_gb), warning);
  }
}

void TierTestProgress::run_begins(const profile::TierRun& run) {
  spdlog::info("{}: {} s, offload {}, quantization {}, language model {}", profile::run_name(run),
               plan::bound_text(run.seconds), profile::offload_text(run), run.quantization,
               run.uses_lm() ? run.lm_model : "none");
}

void TierTestProgress::run_ends(const profile::TierRecord& record) {
  if (record.passes()) {
    const auto& peak = record.outcome.peak_gb;
    spdlog::info("{}: passed, peak {}, {:.1f} s", profile::run_name(record.run),
                 peak ? profile::memory_text(*peak) : "unknown", record.outcome.wall_seconds);
  } else {
    spdlog::warn("{}: {}", profile::run_name(record.run), record.outcome.error);
  }
  records_.push_back(record);
  if (!files_.records.empty()) {
    util::write_atomically(files_.records, profile::records_json(records_).dump(2) + "\n",
                           util::Existing::kReplace);
  }
  if (!files_.chart.empty()) {
    util::write_atomically(files_.chart, profile::memory_chart(records_), util::Existing::kReplace);
  }
}

void TierTestProgress::skips(const profile::Skip& skip) {
  spdlog::info("{}: {} is left out: {}", in_gb(skip.size_gb), skip.variant, skip.reason);
}

json tier_plans_json(const profile::TierPlanner& planner) {
  return list_of(planner.options().sizes_gb,
                 [&](double size_gb) { return tier_plan_json(planner, size_gb); });
}

std::string tier_plans_text(const profile::TierPlanner& planner) {
  std::vector<std::vector<std::string>> rows = {{"VRAM", "Tier", "Cap", "Offload", "Quantization",
                                                 "Backend", "LM", "Song", "Batch LM / no LM",
                                                 "Runs"}};
  std::string notes;
  for (const double size_gb : planner.options().sizes_gb) {
    rows.push_back(plan_row(planner, size_gb));
    notes += notes_of(planner, size_gb);
  }
  return columns(rows) + notes;
}

json tier_test_json(const TierTestReport& report) {
  const auto& records = report.result.records;
  json object = {{"command", "tier-test"},
                 {"records", list_of(records, profile::detailed_json)},
                 {"skipped", list_of(report.result.skips, skip_json)},
                 {"exit_code", report.exit_code}};
  if (report.options.boundary) {
    object["boundary"] = profile::boundary_json(profile::find_boundaries(records));
  }
  if (report.options.batch_boundary) {
    object["batch_limits"] = profile::batch_limits_json(profile::find_batch_limits(records));
  }
  if (report.comparison) object["comparison"] = profile::comparison_json(*report.comparison);
  return object;
}

std::string tier_test_text(const TierTestReport& report) {
  const auto& records = report.result.records;
  std::string text = "TIER TEST\n=========\n" + columns(profile::summary_cells(records)) +
                     profile::summary_count(records) + "\n" + profile::failures_text(records);
  if (report.options.boundary) {
    text += '\n';
    text += profile::boundary_text(profile::find_boundaries(records));
  }
  if (report.options.batch_boundary) {
    text += title("BATCH BOUNDARY (songs at once: by the table -> tested)") +
            columns(profile::batch_cells(profile::find_batch_limits(records)));
    if (!report.options.boundary) text += profile::kBoundaryNote;
  }
  if (report.comparison) {
    text += title("COMPARISON") + profile::comparison_text(*report.comparison);
  }
  return text;
}

}  // namespace acestep::cli
