#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/config_commands.h"
#include "cli/given_settings.h"
#include "request/request_fields.h"
#include "request/trial.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;

struct Report {
  std::string file;
  std::string dialect = {};
  size_t keys = 0;
  request::Findings findings = {};
  int exit_code = 0;
};

// "bpm = '301' …" becomes "a.toml line 3: bpm = '301' …" where the line is known.
std::string with_line(const std::string& problem, const request::Document& document) {
  for (const request::Entry& entry : document.entries) {
    const request::Field* field = request::find_field(entry.key);
    if (field == nullptr || entry.line == 0) continue;
    if (!problem.starts_with(field->name + " = ")) continue;
    return document.name + " line " + std::to_string(entry.line) + ": " + problem;
  }
  return problem;
}

void check_document(const request::Document& document, GivenSettings& given,
                    const request::Settings& settings, Report& report) {
  request::Trial trial = request::try_layer(read_request_layer(document, given));
  request::Findings& findings = report.findings;
  request::append(findings, given.findings);
  auto& unknown = settings.strict_config ? findings.problems : findings.warnings;
  unknown.insert(unknown.end(), given.unknown_keys.begin(), given.unknown_keys.end());
  request::append(findings, {.warnings = std::move(trial.not_yet)});
  for (std::string& problem : trial.findings.problems) problem = with_line(problem, document);
  request::append(findings, trial.findings);
  if (!settings.strict) return;
  for (const auto& adjustment : findings.adjustments) {
    findings.problems.push_back(to_text(adjustment) + "; --strict allows no adjustment");
  }
}

// One file's mistakes are its own: the others are checked as well.
Report check_file(const std::string& file, StandardInput& standard_input,
                  const request::Settings& settings) {
  Report report{.file = file};
  GivenSettings given;
  try {
    const request::Document document = read_request_file(file, standard_input);
    report.dialect = document.dialect;
    report.keys = document.entries.size();
    check_document(document, given, settings, report);
    if (!report.findings.problems.empty()) {
      report.exit_code = static_cast<int>(ErrorCode::kUsage);
    }
  } catch (const Error& error) {
    report.findings.problems.push_back(error.message());
    report.exit_code = error.exit_code();
  }
  return report;
}

json to_json(const Report& report) {
  json adjustments = json::array();
  for (const auto& adjustment : report.findings.adjustments) {
    adjustments.push_back(request::to_json(adjustment));
  }
  return {{"file", report.file},
          {"dialect", report.dialect},
          {"keys", report.keys},
          {"problems", report.findings.problems},
          {"warnings", report.findings.warnings},
          {"adjustments", adjustments},
          {"exit_code", report.exit_code}};
}

std::string counted(size_t number, const std::string& word) {
  return std::to_string(number) + " " + word + (number == 1 ? "" : "s");
}

void print(const Report& report) {
  const size_t problems = report.findings.problems.size();
  std::cout << report.file << ": ";
  if (!report.dialect.empty()) {
    std::cout << report.dialect << ", " << counted(report.keys, "key") << ", ";
  }
  std::cout << (problems == 0 ? "ok" : counted(problems, "problem")) << '\n';
  for (const std::string& problem : report.findings.problems) {
    std::cout << "  problem: " << problem << '\n';
  }
  for (const std::string& warning : report.findings.warnings) {
    std::cout << "  warning: " << warning << '\n';
  }
  for (const auto& adjustment : report.findings.adjustments) {
    std::cout << "  changed: " << to_text(adjustment) << '\n';
  }
}

// A file that cannot be read weighs more than one that can and is wrong.
int exit_code_of(const std::vector<Report>& reports) {
  int exit_code = 0;
  for (const Report& report : reports) exit_code = std::max(exit_code, report.exit_code);
  return exit_code;
}

int run(const CommandCall& call) {
  const request::Settings settings = gather_fields(call).settings;
  StandardInput standard_input;
  std::vector<Report> reports;
  for (const std::string& file : call.arguments()) {
    reports.push_back(check_file(file, standard_input, settings));
  }
  const int exit_code = exit_code_of(reports);
  if (settings.json) {
    json files = json::array();
    for (const Report& report : reports) files.push_back(to_json(report));
    std::cout << json({{"files", files}, {"exit_code", exit_code}}).dump(2) << '\n';
  } else if (!settings.quiet) {
    for (const Report& report : reports) print(report);
  }
  return exit_code;
}

}  // namespace

Command config_check_command() {
  return {.name = "config check",
          .summary = "whether request files can be read and make sense",
          .details =
              "Every dialect is read; no model is needed. Exit code 0: all are fine, 2: one "
              "has a problem, 4: one\ncannot be read. What a later version brings is a "
              "warning here and an error of generate.",
          .arguments = {{"FILE", "request files, TOML or JSON; - is standard input", true, true}},
          .fields = {"json", "quiet", "strict", "strict_config"},
          .examples = {{"acestep config check song.toml request.json", "two files"},
                       {"acestep config check --strict_config --json *.json",
                        "for scripts; unknown keys are problems"}},
          .run = run};
}

}  // namespace acestep::cli
