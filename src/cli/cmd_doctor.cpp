#include <langinfo.h>
#include <locale.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <utility>
#include <vector>

#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/prepare.h"
#include "pipeline/model_folders.h"
#include "request/text.h"
#include "selftest/machine_findings.h"
#include "selftest/model_findings.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using selftest::Finding;
using selftest::Level;

std::string_view name_of(Level level) {
  if (level == Level::kOk) return "ok";
  return level == Level::kWarning ? "warning" : "problem";
}

// The settings as generate would see them. Where configuration or environment cannot be read, that
// is a finding, and the rest is looked at with what was typed alone.
request::Settings settings_of(const CommandCall& call, std::vector<Finding>& findings) {
  try {
    const request::Settings settings = gather_fields(call).settings;
    findings.push_back({Level::kOk, "configuration", "readable"});
    return settings;
  } catch (const Error& error) {
    findings.push_back(
        {Level::kProblem, "configuration", error.message(),
         error.hint().empty() ? "acestep config check FILE tells more" : error.hint(),
         error.exit_code()});
  }
  Surroundings nothing = call.surroundings();
  nothing.environment = [](const std::string&) { return std::nullopt; };
  CommandCall typed(call.command(), nothing);
  for (const auto& [name, text] : call.field_texts()) typed.put_field(name, text);
  return gather_fields(typed).settings;
}

// The locale that the user's environment asks for; this program itself always works in UTF-8.
std::string charset_of_user() {
  const locale_t locale = newlocale(LC_CTYPE_MASK, "", nullptr);
  if (locale == nullptr) return "unknown";
  const std::string charset = nl_langinfo_l(CODESET, locale);
  freelocale(locale);
  return charset;
}

void append(std::vector<Finding>& findings, const std::vector<Finding>& more) {
  findings.insert(findings.end(), more.begin(), more.end());
}

std::vector<Finding> examine(const CommandCall& call, const request::Settings& settings) {
  const std::string folder = checkpoint_folder(settings);
  const auto checkpoints = pipeline::resolve_checkpoint_dir(folder);
  const pipeline::ModelFolders models = models_named_by(settings);
  std::vector<Finding> findings = {
      selftest::examine_gpu(call.surroundings().cuda, settings.device),
      selftest::examine_processor(selftest::this_processor()),
      selftest::examine_memory(util::machine_memory(), selftest::largest_model_bytes(models))};
  append(findings, selftest::examine_libraries());
  append(findings, selftest::examine_models(models, checkpoints));
  findings.push_back(selftest::examine_checkpoint_disk(
      checkpoints,
      models.missing().empty() ? selftest::Models::kComplete : selftest::Models::kMissing));
  findings.push_back(selftest::examine_output("output folder", settings.save_dir));
  findings.push_back(selftest::examine_terminal(charset_of_user(), isatty(STDOUT_FILENO) == 1));
  return findings;
}

json result_json(const std::vector<Finding>& findings, int exit_code) {
  json list = json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"level", name_of(finding.level)},
                    {"subject", finding.subject},
                    {"fact", finding.fact},
                    {"cure", finding.cure.empty() ? json(nullptr) : json(finding.cure)},
                    {"exit_code", finding.exit_code}});
  }
  return {{"success", exit_code == 0}, {"findings", list}, {"exit_code", exit_code}};
}

void print(const Finding& finding) {
  const auto padded = [](std::string text, size_t width) {
    text.resize(std::max(text.size(), width), ' ');
    return text;
  };
  std::cout << padded(std::string(name_of(finding.level)), 9) << padded(finding.subject, 17)
            << finding.fact << '\n';
  if (!finding.cure.empty()) std::cout << std::string(9 + 17, ' ') << "→ " << finding.cure << '\n';
}

// The first problem's: what generate would meet first.
int exit_code_of(const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) {
    if (finding.level == Level::kProblem) return finding.exit_code;
  }
  return 0;
}

int run(const CommandCall& call) {
  std::vector<Finding> findings;
  const request::Settings settings = settings_of(call, findings);
  append(findings, examine(call, settings));
  const int exit_code = exit_code_of(findings);
  if (settings.json) {
    std::cout << result_json(findings, exit_code).dump(2) << '\n';
    return exit_code;
  }
  for (const Finding& finding : findings) {
    if (!settings.quiet || finding.level != Level::kOk) print(finding);
  }
  return exit_code;
}

}  // namespace

Command doctor_command() {
  return {
      .name = "doctor",
      .summary = "whether this machine can make songs, and what to do if not",
      .details =
          "Looks at configuration, graphics card, processor, memory, libraries, models, output "
          "folder and\nterminal: ok, warning or problem, each with its cause and its cure. Exit "
          "code 0 unless a problem\nprevents songs; then what generate would end with. "
          "`acestep selftest` proves the arithmetic.",
      .fields = {"json", "checkpoint_dir", "project_root", "config_path", "lm_model_path",
                 "vae_checkpoint", "device", "save_dir"},
      .examples = {{"acestep doctor", "everything"},
                   {"acestep doctor --quiet", "only what is not as it should be"},
                   {"acestep doctor --json", "for scripts"}},
      .examines_configuration = true,
      .run = run};
}

}  // namespace acestep::cli
