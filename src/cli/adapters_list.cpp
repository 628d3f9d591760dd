#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/adapter_choices.h"
#include "cli/adapters_commands.h"
#include "cli/adapters_facts.h"
#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/models_place.h"
#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

// One that cannot be read is listed with the reason.
json facts_of(const std::filesystem::path& path) {
  try {
    json facts = adapter_json(adapters::Adapter(path));
    facts["problem"] = nullptr;
    return facts;
  } catch (const Error& error) {
    return {{"name", adapters::adapter_name(path)}, {"problem", error.message()}};
  }
}

void print_table(const json& list) {
  std::vector<std::vector<std::string>> rows = {
      {"name", "method", "weights", "rank", "type", "size"}};
  for (const json& facts : list) {
    if (facts["problem"].is_string()) {
      spdlog::warn("{}", facts["problem"].get<std::string>());
      rows.push_back({facts["name"], "cannot be read", "", "", "", ""});
      continue;
    }
    rows.push_back({facts["name"], facts["method"],
                    std::to_string(facts["changes"].get<uint64_t>()), facts["ranks"],
                    facts["dtype"], hub::size_text(facts["bytes"].get<uint64_t>())});
  }
  std::cout << columns(rows);
}

int run(const CommandCall& call) {
  const request::Settings settings = gather_fields(call).settings;
  const std::filesystem::path folder = adapter_folder(settings);
  json list = json::array();
  for (const auto& path : adapters::adapters_in(folder)) list.push_back(facts_of(path));
  if (settings.json) {
    print_json({{"success", true}, {"folder", folder.string()}, {"adapters", std::move(list)}});
  } else if (list.empty()) {
    spdlog::info("no adapters in {}", folder.string());
  } else {
    print_table(list);
  }
  return 0;
}

}  // namespace

std::vector<Command> adapters_commands() {
  return {adapters_list_command(), adapters_info_command(), adapters_merge_command()};
}

Command adapters_list_command() {
  return {.name = "adapters list",
          .summary = "the adapters in adapter_dir",
          .details =
              "LoRA, DoRA and LoKr adapters that --lora takes by name: .safetensors files, and\n"
              "folders that PEFT, LyCORIS or the reference's trainer wrote.",
          .fields = {"adapter_dir", "project_root", "json"},
          .examples = {{"acestep adapters list", "what --lora NAME finds"},
                       {"acestep adapters list --adapter_dir ~/loras --json", "for scripts"}},
          .run = run};
}

}  // namespace acestep::cli
