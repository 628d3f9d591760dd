#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>

#include "cli/config_commands.h"
#include "cli/given_settings.h"
#include "cli/prepare.h"
#include "cli/wizard.h"
#include "request/request_text.h"
#include "request/text.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> folders_in(const fs::path& folder, const std::string& prefix) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(folder, error)) {
    const std::string name = item.path().filename().string();
    if (item.is_directory(error) && name.starts_with(prefix)) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

InstalledModels installed_models(const request::Settings& settings) {
  const fs::path folder = checkpoint_folder(settings);
  return {folders_in(folder, "acestep-v15-"), folders_in(folder, "acestep-5Hz-lm-")};
}

AnswersFrom source_of_answers(const CommandCall& call) {
  if (call.is_on("yes")) return AnswersFrom::kNobody;
  if (call.has("answers")) return AnswersFrom::kList;
  if (isatty(STDIN_FILENO) == 1) return AnswersFrom::kTerminal;
  throw Error(ErrorCode::kUsage, "config init asks questions, but standard input is no terminal",
              "--answers FILE takes the answers from a file (- is standard input), --yes the usual "
              "ones");
}

bool exists(const std::string& file) {
  std::error_code error;
  return fs::exists(file, error);
}

void refuse_existing(const std::string& file, const request::Settings& settings) {
  if (settings.force || !exists(file)) return;
  throw Error(ErrorCode::kOutput, file + ": exists already", "--force replaces it");
}

std::string ask_file(Interview& interview, const request::Settings& settings) {
  while (true) {
    std::string file = interview.ask("File to write", "config.toml");
    if (!file.ends_with(".toml")) file += ".toml";
    if (settings.force || !exists(file)) return file;
    interview.complain(file + ": exists already; --force replaces it");
  }
}

void write(const std::string& file, const std::string& text, const request::Settings& settings) {
  if (file == "-") {
    std::cout << text;
    return;
  }
  util::write_atomically(file, text, util::existing_if(settings.force));
  std::cout << file << '\n';
}

int ask_and_write(const CommandCall& call, const request::Settings& settings,
                  std::istream& answers) {
  std::string file = call.text("output");
  if (!file.empty() && file != "-") refuse_existing(file, settings);
  Interview interview(source_of_answers(call), answers, std::cerr);
  interview.say("Enter takes the answer in brackets; Ctrl-C stops and writes nothing.");
  const std::string text = to_toml_text(ask_for_settings(interview, installed_models(settings)));
  interview.say("\n" + text);
  if (file.empty()) file = ask_file(interview, settings);
  write(file, text, settings);
  return 0;
}

int run(const CommandCall& call) {
  const request::Settings settings = gather_fields(call).settings;
  const std::string answers = call.text("answers", "-");
  if (answers == "-") return ask_and_write(call, settings, std::cin);
  std::ifstream file(answers);
  if (!file) throw Error(ErrorCode::kInput, answers + ": cannot be read");
  return ask_and_write(call, settings, file);
}

}  // namespace

Command config_init_command() {
  return {.name = "config init",
          .summary = "questions and answers that become a request file",
          .details =
              "Asks what the reference's wizard asks, in its order, and writes the same TOML "
              "keys. Each answer is\nchecked at once; nothing is written before the last one.",
          .options = {{.name = "output",
                       .value = "FILE",
                       .help = "file to write; - is standard output",
                       .short_name = 'o',
                       .fallback = "asked for"},
                      {.name = "answers",
                       .value = "FILE",
                       .help = "one answer a line instead of a person; - is standard input"},
                      {.name = "yes", .help = "ask nothing, take the usual answers"}},
          .fields = {"force", "quiet", "checkpoint_dir", "project_root"},
          .examples = {{"acestep config init -o song.toml", "asks, then writes song.toml"}},
          .run = run};
}

}  // namespace acestep::cli
