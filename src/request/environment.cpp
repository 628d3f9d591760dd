#include "request/environment.h"

#include <algorithm>
#include <array>

#include "request/nearest.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::request {
namespace {

using SourceOf = std::function<std::string(const std::string& name)>;

std::string option_variable(const Field& field) {
  std::string name = "ACESTEP_" + field.name;
  std::transform(name.begin(), name.end(), name.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  return name;
}

std::vector<std::string> variables_of(const Field& field) {
  std::vector<std::string> names = field.environment;
  names.push_back(option_variable(field));
  return names;
}

// A switch of the reference that stands for a field's value.
struct Switch {
  const char* variable;
  std::string_view words;     // one of these turns it
  std::string_view no_words;  // these leave things as they are
  const char* field;
  const char* value;
  bool overrules;     // the field's own variable
  bool tells = true;  // of words that are none of these
};
constexpr std::array<Switch, 3> kSwitches = {
    {{"ACESTEP_DISABLE_TQDM", "1 true yes", "0 false no", "progress", "none", false},
     {"ACESTEP_INIT_LLM", "0 false no", "1 true yes auto", "lm_model_path", "none", true},
     {"ACESTEP_INIT_LLM", "1 true yes", "0 false no auto", "thinking", "true", false, false}}};

bool is_one_of(std::string_view word, std::string_view words) {
  const std::vector<std::string> list = split_any(words, " ");
  return std::find(list.begin(), list.end(), word) != list.end();
}

void read_switch(const Switch& known, const std::string& text, const std::string& source,
                 Layer& layer, Findings& findings) {
  const std::string word = to_lower_ascii(trim(text));
  if (word.empty() || is_one_of(word, known.no_words)) return;
  if (!is_one_of(word, known.words)) {  // the reference reads on as well
    if (!known.tells) return;
    const std::string allowed =
        listed(split_any(std::string(known.words) + " " + std::string(known.no_words), " "));
    findings.warnings.push_back(source + " = " + in_quotes(text) +
                                " has no effect: allowed: " + allowed);
  } else if (known.overrules || !layer.contains(known.field)) {
    const auto value = value_from_text(field_named(known.field).type, known.value);
    layer.insert_or_assign(known.field, Given{*value, source});
  }
}

Layer read_variables(const Environment& environment, const SourceOf& source_of,
                     const std::vector<const Field*>& fields, Findings& findings) {
  Layer layer;
  for (const Field* field : fields) {
    for (const std::string& name : variables_of(*field)) {
      const auto text = environment(name);
      if (text && !text->empty()) put_text(layer, *field, *text, source_of(name), findings);
    }
  }
  for (const Switch& known : kSwitches) {
    const auto text = environment(known.variable);
    const bool is_wanted =
        std::find(fields.begin(), fields.end(), find_field(known.field)) != fields.end();
    if (!text || !is_wanted) continue;
    read_switch(known, *text, source_of(known.variable), layer, findings);
  }
  return layer;
}

std::vector<Variable> variables_of_fields() {
  std::vector<Variable> list;
  for (const Field& field : all_fields()) {
    const bool is_read = field.support == FieldSupport::kNow;
    const VariableUse use = is_read ? VariableUse::kField : VariableUse::kNotYet;
    for (const std::string& name : variables_of(field)) list.push_back({name, use, field.name});
  }
  return list;
}

// What is known besides the fields (.env.example and the sources of the reference; the libraries).
std::vector<Variable> other_variables() {
  using enum VariableUse;
  return {
      {"ACESTEP_INIT_LLM", kField, "false: lm_model_path = none; true: thinking"},
      {"ACESTEP_DISABLE_TQDM", kField, "true: progress = none"},
      {"NO_COLOR", kElsewhere, "log lines without colour"},
      {"XDG_CONFIG_HOME", kElsewhere, "folder of acestep/config.toml, else ~/.config"},
      {"XDG_CACHE_HOME", kElsewhere, "folder of the built-in toy model, else ~/.cache"},
      {"CUDA_VISIBLE_DEVICES", kElsewhere, "the graphics cards that CUDA shows"},
      {"HF_TOKEN", kElsewhere, "acestep models download: the token for closed models"},
      {"HF_ENDPOINT", kElsewhere, "acestep models download: another server"},
      {"HF_HUB_OFFLINE", kElsewhere, "acestep models download: 1 opens no connection"},
      {"MODELSCOPE_ENDPOINT", kElsewhere, "acestep models download: another server"},
      {"ACESTEP_DOWNLOAD_SOURCE", kElsewhere, "acestep models download: which hub comes first"},
      {"SSL_CERT_FILE", kElsewhere, "acestep models download: certificates to trust"},
      {"ACESTEP_LM_DEVICE", kNotYet, "a device of its own for the language model"},
      {"ACESTEP_LM_OFFLOAD_TO_CPU", kNotYet, "offload_to_cpu for the language model"},
      {"ACESTEP_TMPDIR", kNever, "no temporary folder is used: files grow beside their target"},
      {"ACESTEP_SAVE_MEMORY", kNever, "nothing is kept beyond its stage"},
      {"ACE_STEP_SUPPRESS_AUDIO_TOKENS", kNever, "audio tokens are not logged"},
      {"ACESTEP_NO_INIT", kNever, "models are loaded when they are needed"},
      {"ACESTEP_CONFIG_PATH2", kNever, "one model at a time"},
      {"ACESTEP_CONFIG_PATH3", kNever, "one model at a time"},
      {"ACESTEP_DEBUG_STATS", kNever, "see log_level"},
      {"ACESTEP_ARGS", kNever, "of the reference's start scripts"},
      {"ACESTEP_CONDA_ENV", kNever, "of the reference's start scripts"},
      {"ACESTEP_CONFIGURE_THREADS", kNever, "see threads"},
      {"ACESTEP_SKIP_LEGACY_TORCH_FIX", kNever, "no Python"},
      {"MAX_MPS_VRAM", kNever, "no Apple graphics"},
      {"MAX_XPU_VRAM", kNever, "no Intel graphics"},
      {"ACESTEP_ROCM_DTYPE", kNever, "see dtype"},
      {"ACESTEP_MPS_DECODE_OFFLOAD", kNever, "no Apple graphics"},
  };
}

// Variables of the reference's server and of what it talks to.
bool is_of_server(std::string_view name) {
  constexpr std::array<std::string_view, 9> kPrefixes = {
      "ACESTEP_API_",    "ACESTEP_QUEUE_",  "ACESTEP_EXTERNAL_",
      "ACESTEP_GLM_",    "ACESTEP_OPENAI_", "ACESTEP_ANTHROPIC_",
      "ACESTEP_OLLAMA_", "ACESTEP_AVG_",    "ACESTEP_MLX_"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

std::vector<Variable> all_variables() {
  std::vector<Variable> list = variables_of_fields();
  for (Variable& other : other_variables()) {
    const bool is_listed = std::any_of(list.begin(), list.end(), [&](const Variable& variable) {
      return variable.name == other.name;
    });
    if (!is_listed) list.push_back(std::move(other));  // a field has come for it
  }
  return list;
}

}  // namespace

Layer read_environment(const Environment& environment, const std::vector<const Field*>& fields,
                       Findings& findings) {
  return read_variables(
      environment, [](const std::string& name) { return "env:" + name; }, fields, findings);
}

Layer read_environment(const EnvFile& file, const std::vector<const Field*>& fields,
                       Findings& findings) {
  const SourceOf source_of = [&](const std::string& name) {
    return "env:" + name + " in " + file.name + " line " + std::to_string(file.find(name)->line);
  };
  return read_variables(environment_of(file), source_of, fields, findings);
}

Environment environment_of(const EnvFile& file) {
  return [&file](const std::string& name) -> std::optional<std::string> {
    const EnvVariable* variable = file.find(name);
    if (variable == nullptr) return std::nullopt;
    return variable->value;
  };
}

const std::vector<Variable>& known_variables() {
  static const std::vector<Variable> list = all_variables();
  return list;
}

std::vector<Variable> idle_variables(const Environment& environment) {
  std::vector<Variable> idle;
  for (const Variable& variable : known_variables()) {
    const bool is_idle =
        variable.use == VariableUse::kNotYet || variable.use == VariableUse::kNever;
    const auto text = is_idle ? environment(variable.name) : std::nullopt;
    if (text && !text->empty()) idle.push_back(variable);
  }
  return idle;
}

std::vector<std::string> refused_wishes(const std::vector<Variable>& idle) {
  std::vector<std::string> messages;
  for (const Variable& variable : idle) {
    const Field* field = find_field(variable.meaning);
    if (field == nullptr || field->support != FieldSupport::kLater) continue;
    messages.push_back("env:" + variable.name + " has no effect: " + field->name +
                       " is not supported yet");
  }
  return messages;
}

std::vector<std::string> unknown_variables(const EnvFile& file) {
  std::vector<std::string> names;
  for (const Variable& variable : known_variables()) names.push_back(variable.name);
  std::vector<std::string> messages;
  for (const EnvVariable& variable : file.variables) {
    const std::string& name = variable.name;
    const bool is_known = std::find(names.begin(), names.end(), name) != names.end();
    if (!name.starts_with("ACESTEP_") || is_known || is_of_server(name)) continue;
    std::string message = file.name + " line " + std::to_string(variable.line) +
                          ": unknown variable " + in_quotes(name);
    if (const auto near = nearest_name(name, names)) message += ", did you mean '" + *near + "'?";
    messages.push_back(std::move(message));
  }
  return messages;
}

std::string_view describe(VariableUse use) {
  switch (use) {
    case VariableUse::kField:
      return "sets a field";
    case VariableUse::kElsewhere:
      return "read by a command or a library";
    case VariableUse::kNotYet:
      return "known, no effect in this version";
    case VariableUse::kNever:
      return "of the reference, no meaning here";
  }
  return "";
}

}  // namespace acestep::request
