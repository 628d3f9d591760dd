#include <iostream>

#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/log.h"
#include "cli/machine_plan.h"
#include "cli/prepare.h"
#include "plan/plan_json.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

// Everything a song could be computed on here, and the tier it would have.
json devices_json(const plan::Machine& machine, const plan::Simulation& simulation) {
  std::vector<std::string> names = {"cpu"};
  const bool are_simulated =
      !simulation.cards_gib.empty() || (machine.cards.empty() && simulation.max_gib.has_value());
  const size_t simulated = simulation.cards_gib.empty() ? 1 : simulation.cards_gib.size();
  const size_t count = are_simulated ? simulated : machine.cards.size();
  for (size_t i = 0; i < count; ++i) {
    names.push_back((are_simulated ? "sim:" : "cuda:") + std::to_string(i));
  }
  json list = json::array();
  for (const std::string& name : names) {
    plan::Plan there;
    there.device = plan::choose_device(name, machine, simulation);
    json device = plan::device_json(there);
    device["tier"] = plan::tier_for(there.device.tier_gib).name;
    list.push_back(std::move(device));
  }
  return list;
}

int run(const CommandCall& call) {
  const request::Gathered gathered = gather_fields(call);
  const request::Settings& settings = gathered.settings;
  const device::CudaBackend& cuda = call.surroundings().cuda;
  const pipeline::ModelFolders models = models_named_by(settings);
  const plan::Plan plan = plan_for(gathered, models, cuda);
  request::Findings findings = plan.findings;
  judge_adjustments(findings, settings);
  request::throw_problems(findings);
  log_findings(findings);
  if (settings.json) {
    request::Findings told_already;
    json object = plan::plan_json(plan);
    object["command"] = "gpu";
    object["devices"] =
        devices_json(this_machine(cuda), simulation_of(settings, models, told_already));
    object["exit_code"] = 0;
    std::cout << object.dump(2) << '\n';
  } else {
    std::cout << plan::plan_text(plan);
  }
  return 0;
}

}  // namespace

Command gpu_command() {
  return {
      .name = "gpu",
      .summary = "the device, its memory tier, and every setting with its reason",
      .details =
          "Nothing is loaded. A choice that does not fit the tier is answered with a warning that "
          "names what was\nasked and what would be used (with --strict: exit code 2). --max_vram, "
          "--sim_cards and --sim_compute\nshow other cards than this machine's; MAX_CUDA_VRAM is "
          "the same as --max_vram. The tiers are those\nof docs/TIERS.md.",
      .fields = plan_field_names(),
      .examples = {{"acestep gpu", "this machine"},
                   {"acestep gpu --max_vram 8 --json", "a card of 8 GB, for scripts"},
                   {"acestep gpu --max_vram 12 --model acestep-v15-xl-turbo",
                    "what a 4B model needs there"},
                   {"acestep gpu --sim_cards 8,24 --device cuda:1", "the second of two cards"}},
      .run = run};
}

}  // namespace acestep::cli
