#include "cli/interview.h"

#include <algorithm>

#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {

void Interview::say(const std::string& text) {
  if (from_ == AnswersFrom::kTerminal) questions_ << text << '\n';
}

std::string Interview::ask(const std::string& question, const std::string& usual) {
  if (from_ == AnswersFrom::kNobody) return usual;
  if (from_ == AnswersFrom::kTerminal) {
    questions_ << question << (usual.empty() ? "" : " [" + usual + "]") << ": " << std::flush;
  }
  ++line_;
  std::string answer;
  if (!std::getline(answers_, answer)) {
    if (from_ == AnswersFrom::kTerminal) {
      questions_ << '\n';
      throw Error(ErrorCode::kInterrupted, "stopped before the last question",
                  "nothing was written");
    }
    throw Error(ErrorCode::kUsage, "answer " + std::to_string(line_) + " is missing: " + question,
                "an empty line gives the usual answer");
  }
  const std::string_view words = request::trim(answer);
  return words.empty() ? usual : std::string(words);
}

bool Interview::ask_yes(const std::string& question, bool usual) {
  while (true) {
    const std::string answer = request::to_lower_ascii(ask(question + " (y/n)", usual ? "y" : "n"));
    if (answer == "y" || answer == "yes" || answer == "1" || answer == "true") return true;
    if (answer == "n" || answer == "no" || answer == "0" || answer == "false") return false;
    complain(request::in_quotes(answer) + ": y or n is expected");
  }
}

std::string Interview::choose(const std::string& question, const std::vector<std::string>& options,
                              const std::string& usual) {
  for (size_t i = 0; i < options.size(); ++i) {
    say("  " + std::to_string(i + 1) + "  " + options[i]);
  }
  while (true) {
    const std::string answer = ask(question, usual);
    for (size_t i = 0; i < options.size(); ++i) {
      if (answer == options[i] || answer == std::to_string(i + 1)) return options[i];
    }
    if (answer == usual) return usual;
    complain(request::in_quotes(answer) + ": expected 1 … " + std::to_string(options.size()) +
             " or one of " + request::listed(options));
  }
}

void Interview::complain(const std::string& problem) {
  if (from_ != AnswersFrom::kTerminal) {
    throw Error(ErrorCode::kUsage, "answer " + std::to_string(line_) + ": " + problem,
                "nothing was written");
  }
  questions_ << problem << '\n';
}

}  // namespace acestep::cli
