#include "cli/dry_run.h"

#include <algorithm>
#include <sstream>

#include "pipeline/prompts.h"
#include "plan/plan_json.h"
#include "plan/transformer.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using request::Field;
using request::FieldGroup;
using request::FieldSupport;

// Options of the terminal say how to talk, not what to make.
bool belongs_to_request(const Field& field) {
  return field.support == FieldSupport::kNow && field.group != FieldGroup::kTerminal;
}

json folder_json(const pipeline::ModelFolder& folder) {
  return {{"name", folder.name},
          {"path", folder.path.string()},
          {"present", folder.is_present},
          {"bytes", folder.bytes}};
}

json models_json(const Prepared& prepared) {
  const pipeline::ModelFolders& models = prepared.models;
  json object = {{"dit", folder_json(models.dit)},
                 {"text_encoder", folder_json(models.text_encoder)},
                 {"vae", folder_json(models.vae)}};
  object["dit"]["type"] = plan::kind_name(prepared.plan.dit());
  if (models.uses_lm()) object["lm"] = folder_json(models.lm);
  return object;
}

json errors_json(const Prepared& prepared) {
  json errors = json::array();
  for (const std::string& name : prepared.models.missing()) {
    errors.push_back("model '" + name + "' is missing in " + prepared.checkpoint_dir);
  }
  if (prepared.refusal) errors.push_back(prepared.refusal->message());
  return errors;
}

int expected_exit_code(const Prepared& prepared) {
  if (prepared.refusal) return prepared.refusal->exit_code();
  return prepared.models.missing().empty() ? 0 : static_cast<int>(ErrorCode::kModel);
}

json sources_json(const Prepared& prepared) {
  json sources = json::object();
  for (const Field& field : request::all_fields()) {
    if (belongs_to_request(field)) sources[field.name] = prepared.gathered.source_of(field.name);
  }
  return sources;
}

pipeline::Prompts prompts_of(const Prepared& prepared) {
  return pipeline::planned_prompts(
      prepared.settings(), {.has_language_model = prepared.models.uses_lm(),
                            .follows_reference = prepared.settings().compat == "reference"});
}

// Like extra_outputs.prompts of a run, without the model's answer.
json prompts_json(const pipeline::Prompts& prompts) {
  json object = {{"text_encoder", {prompts.text, prompts.lyrics}}, {"lm", json::array()}};
  if (!prompts.lm.empty()) {
    object["lm"].push_back({{"prompt", prompts.lm}, {"unconditional", prompts.lm_unconditional}});
  }
  return object;
}

std::string or_open(const json& value) {
  if (value.is_null() || value == "") return "open";
  return value.is_string() ? value.get<std::string>() : value.dump();
}

// The first line of a text, short enough for one line of a terminal.
std::string glimpse(const std::string& text) {
  if (text.empty()) return "(none)";
  return request::in_quotes(text.substr(0, text.find('\n')));
}

std::string given_list(const Prepared& prepared) {
  std::vector<std::string> parts;
  for (const auto& [name, origin] : prepared.gathered.origins) {
    if (origin.rank < 0) continue;  // chosen by the program
    parts.push_back(name + " (" + origin.source + ")");
  }
  return parts.empty() ? "nothing" : request::listed(parts, 12);
}

void write_models(std::ostream& out, const pipeline::ModelFolders& models) {
  constexpr double kGib = 1024.0 * 1024.0 * 1024.0;
  for (const auto* folder : {&models.dit, &models.lm, &models.text_encoder, &models.vae}) {
    if (folder->name.empty()) continue;
    out << "model: " << folder->name << " at " << folder->path.string();
    if (folder->is_present) {
      out << ", " << static_cast<double>(folder->bytes) / kGib << " GiB\n";
    } else {
      out << ", MISSING\n";
    }
  }
}

// "cover of FILE, 8 s\n"; nothing without a source.
std::string source_text(const Prepared& prepared) {
  if (!prepared.source) return {};
  const request::Settings& s = prepared.settings();
  std::ostringstream out;
  out.precision(4);
  out << s.task_type << " of " << (s.src_audio.empty() ? s.src_latents : s.src_audio) << ", "
      << prepared.source->seconds() << " s\n";
  return out.str();
}

// What the tier decides, each with its reason; little of it concerns a processor.
void write_plan(std::ostream& out, const plan::Plan& plan) {
  out << "device: " << plan.device.name << ", " << plan.tier.value->name << " (" << plan.tier.reason
      << ")\n";
  const std::vector<std::string> shown = {"offload_to_cpu",    "offload_dit_to_cpu", "quantization",
                                          "stream_dit_blocks", "lm_model_path",      "backend",
                                          "songs_together"};
  if (!plan.device.is_gpu()) return;
  for (const plan::Setting& setting : plan::settings_of(plan)) {
    if (std::find(shown.begin(), shown.end(), setting.name) != shown.end()) {
      out << plan::setting_text(setting) << '\n';
    }
  }
}

template <typename Items, typename Text>
void write_some(std::ostream& out, const char* label, const Items& items, Text text) {
  constexpr size_t kShown = 2;
  for (size_t i = 0; i < items.size() && i < kShown; ++i) {
    out << label << ": " << text(items[i]) << '\n';
  }
  if (items.size() > kShown) {
    out << "(" << items.size() - kShown << " more: --json shows all)\n";
  }
}

}  // namespace

json request_json(const request::Settings& settings) {
  json object = json::object();
  for (const Field& field : request::all_fields()) {
    if (belongs_to_request(field)) object[field.name] = request::to_json(value_in(settings, field));
  }
  object["task_type"] = settings.task_type;
  return object;
}

std::string prompts_text(const json& prompts) {
  std::ostringstream out;
  const auto write = [&out](const char* title, const json& text) {
    if (!text.get<std::string>().empty()) {
      out << "--- " << title << '\n' << text.get<std::string>() << '\n';
    }
  };
  for (const json& pass : prompts.at("lm")) {
    write("language model: prompt", pass.at("prompt"));
    write("language model: unconditional prompt", pass.at("unconditional"));
    write("language model: output", pass.value("output", ""));
  }
  const json& texts = prompts.at("text_encoder");
  for (size_t i = 0; i < texts.size(); ++i) {
    write(i % 2 == 0 ? "text encoder: prompt" : "text encoder: lyrics", texts[i]);
  }
  return out.str();
}

json dry_run_json(const Prepared& prepared) {
  json adjustments = json::array();
  for (const auto& adjustment : prepared.findings.adjustments) {
    adjustments.push_back(request::to_json(adjustment));
  }
  json object = {{"command", "generate"},
                 {"request", request_json(prepared.settings())},
                 {"sources", sources_json(prepared)},
                 {"device", plan::device_json(prepared.plan)},
                 {"tier", plan::tier_in_force_json(prepared.plan)},
                 {"settings", plan::settings_json(prepared.plan)},
                 {"models", models_json(prepared)},
                 {"adjustments", adjustments},
                 {"warnings", prepared.findings.warnings},
                 {"errors", errors_json(prepared)},
                 {"exit_code", expected_exit_code(prepared)}};
  if (prepared.memory) plan::add_memory(object, *prepared.memory);
  if (prepared.settings().print_prompts) object["prompts"] = prompts_json(prompts_of(prepared));
  return object;
}

std::string dry_run_text(const Prepared& prepared) {
  const request::Settings& s = prepared.settings();
  const json values = request_json(s);
  const auto value = [&](const char* field) { return or_open(values.at(field)); };
  const auto same = [](const std::string& text) { return text; };
  std::ostringstream out;
  out.precision(3);
  out << "caption: " << glimpse(s.caption) << '\n'
      << "lyrics: " << glimpse(s.lyrics) << ", language " << s.vocal_language << '\n'
      << "bpm " << value("bpm") << ", key " << value("keyscale") << ", metre "
      << value("timesignature") << ", seconds " << value("duration") << '\n'
      << source_text(prepared) << "songs: " << s.batch_size << ", seeds "
      << (s.seeds.empty() ? "drawn at random" : values.at("seeds").dump()) << '\n'
      << "steps " << value("inference_steps") << ", shift " << value("shift") << ", "
      << s.infer_method << ", dcw " << (s.dcw_enabled ? "on" : "off") << '\n'
      << "thinking " << (s.thinking ? "on" : "off") << ", device " << s.device << ", dtype "
      << s.dtype << ", rng " << s.rng << ", compat " << s.compat << '\n'
      << "output: " << (s.output.empty() ? s.save_dir + "/" + s.name_template : s.output) << ", "
      << s.audio_format << '\n'
      << "given: " << given_list(prepared) << '\n';
  write_models(out, prepared.models);
  write_plan(out, prepared.plan);
  if (prepared.memory) out << plan::memory_text(*prepared.memory) << '\n';
  write_some(out, "adjusted", prepared.findings.adjustments,
             [](const request::Adjustment& adjustment) { return to_text(adjustment); });
  write_some(out, "warning", prepared.findings.warnings, same);
  if (prepared.refusal) out << "error: " << prepared.refusal->message() << '\n';
  out << "would end with exit code " << expected_exit_code(prepared) << '\n';
  if (s.print_prompts) out << prompts_text(prompts_json(prompts_of(prepared)));
  return out.str();
}

}  // namespace acestep::cli
