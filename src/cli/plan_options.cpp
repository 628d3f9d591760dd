#include "cli/plan_options.h"

#include <algorithm>
#include <limits>

#include "cli/prepare.h"
#include "device/compute.h"
#include "hub/local_model.h"
#include "pipeline/model_folders.h"
#include "plan/vram_limit.h"
#include "request/text.h"
#include "selftest/machine_findings.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

constexpr int64_t kMostFrames = 15'000;  // ten minutes of latent frames

// Names that the reference gives to what an option says, besides ACESTEP_<OPTION>.
std::vector<std::string> variables_of(const std::string& option) {
  std::string name = "ACESTEP_" + option;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  if (option == "max_vram") return {"MAX_CUDA_VRAM", name};
  if (option == "backend") return {"ACESTEP_LM_BACKEND", name};
  if (option == "vae_chunk_size") return {"ACESTEP_VAE_DECODE_CHUNK_SIZE", name};
  return {name};
}

// The variable that says something, and what.
struct Said {
  std::string variable;
  std::string text;
};

std::optional<Said> said_by_environment(const CommandCall& call, const std::string& option) {
  for (const std::string& name : variables_of(option)) {
    const auto text = call.surroundings().environment(name);
    if (text && !text->empty()) return Said{name, *text};
  }
  return std::nullopt;
}

std::optional<std::string> text_of(const CommandCall& call, const std::string& option) {
  if (call.has(option)) return call.text(option);
  const auto said = said_by_environment(call, option);
  return said ? std::optional(said->text) : std::nullopt;
}

// The reference's words for yes and no; "auto" leaves open.
std::optional<bool> yes_or_no(const Said& said) {
  const std::string word = request::to_lower_ascii(request::trim(said.text));
  if (word == "1" || word == "true" || word == "yes" || word == "on") return true;
  if (word == "0" || word == "false" || word == "no" || word == "off") return false;
  if (word == "auto") return std::nullopt;
  throw Error(ErrorCode::kUsage,
              said.variable + " = " + request::in_quotes(said.text) + " is neither yes nor no",
              "true, false or auto");
}

std::optional<bool> switch_of(const CommandCall& call, const std::string& option) {
  if (call.has(option)) return call.is_on(option);
  const auto said = said_by_environment(call, option);
  return said ? yes_or_no(*said) : std::nullopt;
}

std::optional<int64_t> frames_of(const CommandCall& call, const std::string& option, int64_t min) {
  if (call.has(option)) return call.integer(option, 0, min, kMostFrames);
  const auto said = said_by_environment(call, option);
  if (!said) return std::nullopt;
  // One rule for both places: read as if it were typed.
  CommandCall typed(call.command(), call.surroundings());
  typed.add_option({.name = option, .value = "N"}, {said->text});
  return typed.integer(option, 0, min, kMostFrames);
}

void add_language_model(const CommandCall& call, const request::Gathered& gathered,
                        plan::Wishes& wishes) {
  const request::Settings& settings = gathered.settings;
  if (const auto said = call.surroundings().environment("ACESTEP_INIT_LLM");
      said && !said->empty()) {
    wishes.language_model = yes_or_no({"ACESTEP_INIT_LLM", *said});
  }
  if (gathered.is_given("thinking")) wishes.language_model = settings.thinking;
  if (settings.lm_model_path == "none") {
    wishes.language_model = false;
  } else if (!settings.lm_model_path.empty()) {
    wishes.lm = settings.lm_model_path;
    if (!gathered.is_given("thinking")) wishes.language_model = true;
  }
}

}  // namespace

std::vector<CommandOption> plan_options() {
  return {
      {.name = "tier",
       .value = "NAME",
       .help = "tier1 … tier5, tier6a, tier6b or unlimited instead of the memory's own",
       .fallback = "by memory"},
      {.name = "max_vram",
       .value = "GB",
       .help = "simulate a card of this size; also MAX_CUDA_VRAM"},
      {.name = "sim_cards",
       .value = "GB,GB",
       .help = "simulate these cards; --device cuda:1 is the second"},
      {.name = "sim_compute",
       .value = "X.Y",
       .help = "compute capability of the card, such as 6.1 or rocm:9.4"},
      {.name = "sim_scale",
       .value = "F",
       .help = "multiply the simulated card's cap, not its tier, for smaller models",
       .fallback = "1"},
      {.name = "backend",
       .value = "NAME",
       .help = "how the language model decodes; fast is vllm",
       .choices = {"auto", "pt", "vllm", "fast", "mlx"},
       .fallback = "by tier"},
      {.name = "offload_to_cpu", .help = "models leave the card when idle", .fallback = "by tier"},
      {.name = "offload_dit_to_cpu",
       .help = "the diffusion model leaves it too",
       .fallback = "by tier"},
      {.name = "quantization",
       .value = "TYPE",
       .help = "of the diffusion model's weights",
       .choices = {"none", "int8_weight_only", "w8a8_dynamic", "fp8_weight_only"},
       .fallback = "by tier"},
      {.name = "lm_quantization",
       .value = "TYPE",
       .help = "of the language model's weights",
       .choices = {"none", "int8_weight_only"},
       .fallback = "by size"},
      {.name = "vae_chunk_size",
       .value = "N",
       .help = "latent frames decoded at once, 25 a second",
       .fallback = "by free memory"},
      {.name = "vae_overlap", .value = "N", .help = "latent frames that tiles share on each side"},
      {.name = "vae_on_cpu", .help = "decode on the processor"},
      {.name = "compile_model", .help = "accepted, without effect"},
      {.name = "allow_unsupported",
       .help = "take my word where the table says no, and stream what does not fit"},
  };
}

std::vector<std::string> plan_field_names() {
  return {"json",     "strict",   "device",     "dtype",        "config_path",    "lm_model_path",
          "thinking", "duration", "batch_size", "project_root", "checkpoint_dir", "compat"};
}

plan::Machine this_machine(const device::CudaBackend& cuda) {
  plan::Machine machine = {.why_no_card = cuda.why_not};
  for (int index = 0; cuda.is_loaded; ++index) {
    const auto card = device::cuda_card(index);
    if (!card) break;
    machine.cards.push_back({.name = card->name,
                             .compute = {card->compute_major, card->compute_minor},
                             .total_bytes = card->total_bytes,
                             .free_bytes = card->free_bytes});
  }
  const selftest::Memory memory = selftest::this_memory();
  machine.processor = selftest::this_processor().name;
  machine.ram_bytes = memory.total;
  machine.free_ram_bytes = memory.available;
  return machine;
}

plan::Simulation simulation_of(const CommandCall& call, request::Findings& findings) {
  plan::Simulation simulation;
  if (const auto text = text_of(call, "max_vram")) {
    simulation.max_gib = plan::read_vram_limit(*text);
    if (!simulation.max_gib) findings.warnings.push_back(plan::vram_limit_warning(*text));
  }
  if (const auto text = text_of(call, "sim_cards")) simulation.cards_gib = plan::parse_sizes(*text);
  if (const auto text = text_of(call, "sim_compute")) {
    simulation.compute = plan::parse_capability(*text);
  }
  constexpr double kLeastScale = 1e-6;
  simulation.cap_scale = call.real("sim_scale", 1.0, kLeastScale, 1.0 / kLeastScale);
  return simulation;
}

plan::Wishes wishes_of(const CommandCall& call, const request::Gathered& gathered) {
  const request::Settings& settings = gathered.settings;
  plan::Wishes wishes = {.tier = text_of(call, "tier"),
                         .backend = text_of(call, "backend"),
                         .offload_to_cpu = switch_of(call, "offload_to_cpu"),
                         .offload_dit_to_cpu = switch_of(call, "offload_dit_to_cpu"),
                         .quantization = text_of(call, "quantization"),
                         .lm_quantization = text_of(call, "lm_quantization"),
                         .vae_chunk_frames = frames_of(call, "vae_chunk_size", 9),
                         .vae_overlap_frames = frames_of(call, "vae_overlap", 0),
                         .vae_on_cpu = switch_of(call, "vae_on_cpu"),
                         .compile_model = switch_of(call, "compile_model"),
                         .allow_unsupported = switch_of(call, "allow_unsupported").value_or(false),
                         .follows_reference = settings.compat == "reference"};
  if (!settings.config_path.empty()) wishes.dit = settings.config_path;
  if (settings.dtype != "auto") wishes.dtype = settings.dtype;
  add_language_model(call, gathered, wishes);
  return wishes;
}

plan::Surroundings plan_surroundings(const request::Settings& settings) {
  const auto folder = pipeline::resolve_checkpoint_dir(checkpoint_folder(settings));
  plan::Surroundings surroundings = {.has_fast_bfloat16 =
                                         device::choose_device("cpu", false, "").has_fast_bfloat16};
  for (const hub::LocalModel& model : hub::find_local_models(folder)) {
    const bool is_lm = model.kind == hub::ModelKind::kLanguageModel;
    if (is_lm && model.state == hub::ModelState::kPresent) {
      surroundings.lms_on_disk.push_back(model.name);
    }
  }
  return surroundings;
}

}  // namespace acestep::cli
