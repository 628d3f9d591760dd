#include "cli/machine_plan.h"

#include <charconv>
#include <cmath>

#include "cli/prepare.h"
#include "device/compute.h"
#include "hub/catalogue.h"
#include "hub/local_model.h"
#include "plan/vram_limit.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "selftest/machine_findings.h"
#include "util/error.h"
#include "util/machine_memory.h"

namespace acestep::cli {
namespace {

// Bytes of the models that are here as a part of the same published ones; 1 where nothing can be
// compared.
double size_beside_published(const pipeline::ModelFolders& models) {
  uint64_t here = 0;
  uint64_t published = 0;
  for (const auto* folder : {&models.dit, &models.lm, &models.text_encoder, &models.vae}) {
    const hub::KnownModel* known = hub::find_known(folder->name);
    if (!folder->is_present || known == nullptr) continue;
    here += folder->bytes;
    published += known->about_bytes;
  }
  return published == 0 ? 1.0 : static_cast<double>(here) / static_cast<double>(published);
}

double read_scale(const std::string& text, const pipeline::ModelFolders& models) {
  constexpr double kLeast = 1e-6;
  const std::string word = request::to_lower_ascii(request::trim(text));
  if (word == "auto") return size_beside_published(models);
  double factor = 0;
  const char* last = word.data() + word.size();
  const auto [end, error] = std::from_chars(word.data(), last, factor);
  if (error == std::errc() && end == last && factor >= kLeast && factor <= 1 / kLeast) {
    return factor;
  }
  throw Error(ErrorCode::kUsage, "sim_scale = " + request::in_quotes(text) + " is no factor",
              "auto, or a number from 0.000001 to 1000000");
}

// Absent where "auto" says the same as nothing.
std::optional<std::string> unless_auto(const std::string& text) {
  if (text.empty() || text == "auto") return std::nullopt;
  return text;
}

// Absent: the tier decides.
std::optional<bool> wish_for_language_model(const request::Gathered& gathered) {
  const request::Settings& settings = gathered.settings;
  if (settings.lm_model_path == "none" || !settings.wants_language_model()) return false;
  const bool is_named = !settings.lm_model_path.empty();
  // The reference's command line loads it whatever the memory.
  const bool is_asked =
      settings.wants_words() ||
      (settings.thinking && (gathered.is_given("thinking") || settings.compat == "reference"));
  return is_named || is_asked ? std::optional(true) : std::nullopt;
}

// A length that no song can have stays as it is, for the checks to refuse; no tier shortens it.
std::optional<double> plannable_seconds(const request::Settings& settings) {
  const request::ValueRange& range = request::field_named("duration").range;
  const bool is_possible = settings.duration && request::contains(range, *settings.duration);
  return is_possible ? settings.duration : std::nullopt;
}

}  // namespace

std::vector<std::string> plan_field_names() {
  std::vector<std::string> names = {"json",          "strict",        "device",   "dtype",
                                    "config_path",   "lm_model_path", "thinking", "duration",
                                    "batch_size",    "project_root",  "compat",   "vae_checkpoint",
                                    "checkpoint_dir"};
  for (const request::Field* field : request::supported_fields()) {
    if (field->group == request::FieldGroup::kMemory) names.push_back(field->name);
  }
  return names;
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
  const util::MachineMemory memory = util::machine_memory();
  machine.processor = selftest::this_processor().name;
  machine.ram_bytes = memory.total;
  machine.free_ram_bytes = memory.available;
  return machine;
}

plan::Simulation simulation_of(const request::Settings& settings,
                               const pipeline::ModelFolders& models, request::Findings& findings) {
  plan::Simulation simulation;
  if (!settings.max_vram.empty()) {
    simulation.max_gib = plan::read_vram_limit(settings.max_vram);
    if (!simulation.max_gib) {
      findings.warnings.push_back(plan::vram_limit_warning(settings.max_vram));
    }
  }
  if (!settings.sim_cards.empty()) simulation.cards_gib = plan::parse_sizes(settings.sim_cards);
  if (!settings.sim_compute.empty()) {
    simulation.compute = plan::parse_capability(settings.sim_compute);
  }
  simulation.cap_scale = read_scale(settings.sim_scale, models);
  return simulation;
}

plan::Wishes wishes_of(const request::Gathered& gathered) {
  const request::Settings& settings = gathered.settings;
  plan::Wishes wishes = {.tier = unless_auto(settings.tier),
                         .dit = unless_auto(settings.config_path),
                         .language_model = wish_for_language_model(gathered),
                         .backend = unless_auto(settings.backend),
                         .offload_to_cpu = settings.offload_to_cpu,
                         .offload_dit_to_cpu = settings.offload_dit_to_cpu,
                         .stream_dit_blocks = settings.stream_dit_blocks,
                         .quantization = unless_auto(settings.quantization),
                         .lm_quantization = unless_auto(settings.lm_quantization),
                         .dtype = unless_auto(settings.dtype),
                         .songs_together = settings.songs_together,
                         .vae_chunk_frames = settings.vae_chunk_size,
                         .vae_overlap_frames = settings.vae_overlap,
                         .vae_on_cpu = settings.vae_on_cpu,
                         .compile_model = settings.compile_model,
                         .allow_unsupported = settings.allow_unsupported,
                         .follows_reference = settings.compat == "reference"};
  if (settings.lm_model_path != "none") wishes.lm = unless_auto(settings.lm_model_path);
  return wishes;
}

plan::Surroundings surroundings_of(const request::Settings& settings,
                                   const pipeline::ModelFolders& models) {
  plan::Surroundings surroundings = {
      .usual_dit = models.dit.name,
      .has_fast_bfloat16 = device::choose_device("cpu", false, "").has_fast_bfloat16};
  const auto folder = pipeline::resolve_checkpoint_dir(checkpoint_folder(settings));
  for (const hub::LocalModel& model : hub::find_local_models(folder)) {
    const bool is_lm = model.kind == hub::ModelKind::kLanguageModel;
    // One that is incomplete is not passed over in silence.
    if (is_lm && model.state != hub::ModelState::kAbsent) {
      surroundings.lms_on_disk.push_back(model.name);
    }
  }
  return surroundings;
}

plan::Plan plan_for(const request::Gathered& gathered, const pipeline::ModelFolders& models,
                    const device::CudaBackend& cuda) {
  const request::Settings& settings = gathered.settings;
  request::Findings findings;
  const plan::Machine machine = this_machine(cuda);
  const plan::Simulation simulation = simulation_of(settings, models, findings);
  const plan::Device device = plan::choose_device(settings.device, machine, simulation);
  plan::Plan plan =
      plan::make_plan(device, wishes_of(gathered),
                      {.seconds = plannable_seconds(settings), .songs = settings.batch_size},
                      surroundings_of(settings, models));
  request::append(findings, plan.findings);
  plan.findings = std::move(findings);
  return plan;
}

}  // namespace acestep::cli
