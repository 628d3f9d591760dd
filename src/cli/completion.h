// Shell completion: scripts for bash, zsh and fish, made from the tables of commands and fields.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"

namespace acestep::cli {

// Each is a whole script; `acestep completion --help` says where it goes.
std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

// What can stand after an option or in an argument's place.
enum class Completes {
  kNothing,  // a switch
  kAnyWord,
  kText,  // any word, and @FILE
  kChoice,
  kFile,
  kFolder,
};

struct CompletedOption {
  std::vector<std::string> names = {};   // offered: "--inference_steps", "-b", "--no-thinking"
  std::vector<std::string> others = {};  // understood too: other spellings and aliases
  std::string help = {};
  std::string value = {};  // what stands for the value in help
  Completes completes = Completes::kNothing;
  std::vector<std::string> choices = {};
  bool repeats = false;
};

// Of the command alone.
std::vector<CompletedOption> own_options(const Command& command);
// Fields are the same option wherever they are taken.
std::vector<CompletedOption> field_options(const std::vector<const request::Field*>& fields);
// --help and --help_all.
const std::vector<CompletedOption>& options_for_help();
// All three.
std::vector<CompletedOption> completed_options(const Command& command);

// What an argument or an option whose value help calls so takes.
Completes completes_as(const std::string& value, const std::vector<std::string>& choices);

// Names of every option of any command that takes its value from the next word.
std::vector<std::string> names_with_value();

// The commands that are not hidden, and their first words, each with what it does.
struct CompletedWord {
  std::string word;
  std::string meaning;
};
std::vector<CompletedWord> offered_words();
std::vector<CompletedWord> offered_actions(const std::string& word);

// 'text' as bash and zsh read it.
std::string in_shell_quotes(const std::string& text);

}  // namespace acestep::cli
