// One command of the program as data. Parsing, help, docs/CLI.md, the man page and shell completion
// are all made from it (command_table.h lists the commands).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "device/cuda_backend.h"
#include "request/environment.h"

namespace acestep::cli {

// An option that is no field of a request (those come with Command::fields and takes_request).
struct CommandOption {
  std::string name = {};   // "out_dir"; '-' for '_' is accepted too
  std::string value = {};  // what stands for the value in help: "FILE", "N"; empty: a switch
  std::string help = {};   // one line
  char short_name = 0;
  std::vector<std::string> choices = {};  // empty: any
  std::string fallback = {};              // the default, as help shows it
  bool repeats = false;                   // may be given several times
};

struct CommandArgument {
  std::string name = {};  // "FILE"
  std::string help = {};
  bool is_required = true;
  bool repeats = false;                   // the last argument only: takes all that follow
  std::vector<std::string> choices = {};  // empty: any
};

struct CommandExample {
  std::string line = {};     // "acestep models list --json"
  std::string meaning = {};  // what it does, a few words
};

class CommandCall;

struct Command {
  std::string name = {};     // "generate", "models download": at most two words
  std::string summary = {};  // one line, without a full stop
  std::string details = {};  // paragraphs for --help, lines below 100 columns; may be empty
  std::vector<CommandArgument> arguments = {};
  std::vector<CommandOption> options = {};
  // Fields of the request's table that are options here too, by name; besides log_field_names().
  std::vector<std::string> fields = {};
  // Every field, --config and --env_file.
  bool takes_request = false;
  std::vector<CommandExample> examples = {};
  // Runs even where the user's configuration cannot be read, and says so itself.
  bool examines_configuration = false;
  bool is_hidden = false;  // left out of help
  // Returns the exit code, throws Error.
  int (*run)(const CommandCall& call) = nullptr;
};

// What a command is run with besides what was typed.
struct Surroundings {
  device::CudaBackend cuda = {};  // what main found at its start
  request::Environment environment = {};
};

// A command with what the user typed behind it.
class CommandCall final {
 public:
  CommandCall(const Command& command, const Surroundings& surroundings)
      : command_(&command), surroundings_(&surroundings) {}

  const Command& command() const { return *command_; }
  const Surroundings& surroundings() const { return *surroundings_; }

  const std::vector<std::string>& arguments() const { return arguments_; }
  // "" for an optional argument that was not given.
  std::string argument(size_t index) const;

  bool has(const std::string& option) const { return options_.contains(option); }
  // A switch: given, and not given as =false. Throws Error kUsage for another value.
  bool is_on(const std::string& option) const;
  // The last one given.
  std::string text(const std::string& option, const std::string& fallback = {}) const;
  std::vector<std::string> texts(const std::string& option) const;
  // Throw Error kUsage naming the option for what is no number or outside min … max.
  int64_t integer(const std::string& option, int64_t fallback, int64_t min, int64_t max) const;
  double real(const std::string& option, double fallback, double min, double max) const;

  // Texts typed for fields of the request's table, by the field's name.
  const std::map<std::string, std::string>& field_texts() const { return fields_; }

  // Filled by parse_call().
  void add_argument(std::string text) { arguments_.push_back(std::move(text)); }
  // Throws Error kUsage for a text that is none of the option's choices.
  void add_option(const CommandOption& option, std::vector<std::string> texts);
  void put_field(const std::string& name, std::string text) { fields_[name] = std::move(text); }

 private:
  const Command* command_;
  const Surroundings* surroundings_;
  std::vector<std::string> arguments_;
  std::map<std::string, std::vector<std::string>> options_;
  std::map<std::string, std::string> fields_;
};

// Names of the fields that every command takes without naming them: what start_log() obeys.
std::vector<std::string> log_field_names();
// Names of the fields that most commands take: those and json.
std::vector<std::string> terminal_field_names();
// Those and checkpoint_dir, project_root, config_path and lm_model_path.
std::vector<std::string> model_field_names();
// Names of the fields of commands that work with models but make no song of a request: machine,
// memory, models but for the language model, json, progress, strict, force, generation_timeout.
std::vector<std::string> machine_field_names();

}  // namespace acestep::cli
