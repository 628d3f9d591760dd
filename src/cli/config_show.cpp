#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/commands.h"
#include "cli/config_commands.h"
#include "cli/given_settings.h"
#include "cli/log.h"
#include "cli/prepare.h"
#include "request/request_fields.h"
#include "request/request_text.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using request::Field;
using request::Variable;

struct Shown {
  Prepared prepared = {};
  std::vector<Variable> idle_variables = {};
  bool only_given = false;

  std::vector<const Field*> fields() const {
    std::vector<const Field*> list;
    for (const Field* field : request::supported_fields()) {
      const auto origin = prepared.gathered.origins.find(field->name);
      const bool is_given = origin != prepared.gathered.origins.end() && origin->second.rank >= 0;
      if (is_given || !only_given) list.push_back(field);
    }
    return list;
  }
};

// Lines of a TOML file: what is open stands in a comment.
void print_text(const Shown& shown) {
  for (const Field* field : shown.fields()) {
    const request::Value value = value_in(shown.prepared.settings(), *field);
    const bool is_open = std::holds_alternative<request::Unset>(value);
    std::cout << (is_open ? "# " + field->name + " is left open"
                          : field->name + " = " + request::to_toml_value(value))
              << "  # " << shown.prepared.gathered.source_of(field->name) << '\n';
  }
  for (const Variable& variable : shown.idle_variables) {
    std::cout << "# " << variable.name << " is set: " << describe(variable.use) << " ("
              << variable.meaning << ")\n";
  }
}

void print_json(const Shown& shown) {
  json settings = json::object();
  for (const Field* field : shown.fields()) {
    settings[field->name] = {
        {"value", request::to_json(value_in(shown.prepared.settings(), *field))},
        {"source", shown.prepared.gathered.source_of(field->name)}};
  }
  json variables = json::array();
  for (const Variable& variable : shown.idle_variables) {
    variables.push_back({{"name", variable.name},
                         {"effect", describe(variable.use)},
                         {"meaning", variable.meaning}});
  }
  json adjustments = json::array();
  for (const auto& adjustment : shown.prepared.findings.adjustments) {
    adjustments.push_back(request::to_json(adjustment));
  }
  const json object = {{"settings", settings},
                       {"idle_variables", variables},
                       {"warnings", shown.prepared.findings.warnings},
                       {"adjustments", adjustments}};
  std::cout << object.dump(2) << '\n';
}

int run(const CommandCall& call) {
  GivenSettings given = read_given_settings(call);
  Shown shown{.idle_variables = std::move(given.idle_variables),
              .only_given = call.is_on("changed")};
  shown.prepared = resolve(std::move(given));
  start_log(shown.prepared.settings());
  log_findings(shown.prepared.findings);
  if (shown.prepared.settings().json) {
    print_json(shown);
  } else {
    print_text(shown);
  }
  return 0;
}

}  // namespace

std::vector<Command> config_commands() {
  return {config_show_command(), config_check_command(), config_convert_command(),
          config_init_command()};
}

Command config_show_command() {
  return {.name = "config show",
          .summary = "every setting, its value and where it comes from",
          .details =
              "Takes what generate takes and makes nothing. The lines are TOML. Sources are cli, "
              "env:NAME,\nenv:NAME in FILE line N, file:NAME, preset:FAMILY, auto (chosen from "
              "what is there) and default.",
          .options = {{.name = "changed", .help = "only what somebody gave"}},
          .takes_request = true,
          .examples = {{"acestep config show -c song.toml --bpm 90", "what a run would work with"},
                       {"acestep config show --changed > mine.toml", "keep what is set now"}},
          .run = run};
}

}  // namespace acestep::cli
