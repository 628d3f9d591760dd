#include "cli/prepare.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>

#include "adapters/adapter.h"
#include "adapters/merged_source.h"
#include "cli/adapter_choices.h"
#include "cli/decoding.h"
#include "cli/log.h"
#include "cli/machine_plan.h"
#include "condition/latent_plan.h"
#include "device/compute.h"
#include "models/dit_config.h"
#include "pipeline/model_facts.h"
#include "pipeline/reference_audio.h"
#include "pipeline/song_shape.h"
#include "pipeline/task_source.h"
#include "plan/decode_tile.h"
#include "request/json_document.h"
#include "request/presets.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "request/validate.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;

std::vector<request::Layer> layers_of(GivenSettings& given,
                                      const std::optional<request::Document>& request) {
  std::vector<request::Layer> layers = given.files;
  if (request) layers.push_back(read_request_layer(*request, given));
  layers.push_back(given.environment);
  layers.push_back(given.options);
  return layers;
}

void judge_unknown_keys(const std::vector<std::string>& keys, Prepared& prepared) {
  auto& list =
      prepared.settings().strict_config ? prepared.findings.problems : prepared.findings.warnings;
  list.insert(list.end(), keys.begin(), keys.end());
}

// Who does not think and has no language model installed can still make songs.
void go_without_language_model(Prepared& prepared) {
  const request::Settings& settings = prepared.settings();
  const bool goes_without = !settings.thinking && !settings.wants_words() &&
                            prepared.plan.lm_model.source != plan::Source::kUser &&
                            prepared.models.uses_lm() && !prepared.models.lm.is_present;
  if (!goes_without) return;
  prepared.models.lm = {};
  prepared.findings.warnings.push_back(
      "no language model is installed: what is left open stays open");
}

// The plan's value for a field, chosen by the program unless it is the user's own.
template <typename Member, typename Value>
void settle(Prepared& prepared, const std::string& field, Member member,
            const plan::Decided<Value>& decided) {
  prepared.gathered.settings.*member = decided.value;
  if (decided.source == plan::Source::kUser && prepared.gathered.is_given(field)) return;
  prepared.gathered.origins[field] = {decided.source == plan::Source::kForced ? "plan" : "auto",
                                      -1};
}

void settle_language_model(Prepared& prepared) {
  const plan::Plan& plan = prepared.plan;
  request::Settings& settings = prepared.gathered.settings;
  if (plan.init_lm.value) {
    return settle(prepared, "lm_model_path", &request::Settings::lm_model_path, plan.lm_model);
  }
  if (settings.lm_model_path != "none") {
    prepared.gathered.origins["lm_model_path"] = {"plan", -1};
    settings.lm_model_path = "none";
  }
  if (!settings.thinking) return;
  settings.thinking = false;
  prepared.gathered.origins["thinking"] = {"plan", -1};
}

// From here on the settings say what is done, not what was asked.
void settle_settings(Prepared& prepared) {
  using request::Settings;
  const plan::Plan& plan = prepared.plan;
  settle_language_model(prepared);
  settle(prepared, "config_path", &Settings::config_path, plan.dit_model);
  settle(prepared, "dtype", &Settings::dtype, plan.dtype);
  settle(prepared, "backend", &Settings::backend, plan.lm_backend);
  settle(prepared, "offload_to_cpu", &Settings::offload_to_cpu, plan.offload_to_cpu);
  settle(prepared, "offload_dit_to_cpu", &Settings::offload_dit_to_cpu, plan.offload_dit_to_cpu);
  settle(prepared, "stream_dit_blocks", &Settings::stream_dit_blocks, plan.stream_dit_blocks);
  settle(prepared, "quantization", &Settings::quantization, plan.quantization);
  settle(prepared, "lm_quantization", &Settings::lm_quantization, plan.lm_quantization);
  settle(prepared, "songs_together", &Settings::songs_together, plan.songs_together);
  settle(prepared, "vae_on_cpu", &Settings::vae_on_cpu, plan.vae_on_cpu);
  // A source's length is no choice.
  const bool is_shortened =
      plan.duration.source == plan::Source::kForced && !prepared.settings().has_source();
  if (is_shortened) settle(prepared, "duration", &Settings::duration, plan.duration);
}

// What the machine allows, and the models that follow from it.
void plan_machine(Prepared& prepared, const device::CudaBackend& cuda) {
  prepared.checkpoint_dir = checkpoint_folder(prepared.settings());
  prepared.models = models_named_by(prepared.settings());
  prepared.plan = plan_for(prepared.gathered, prepared.models, cuda);
  request::append(prepared.findings, prepared.plan.findings);
  settle_settings(prepared);
  prepared.models = models_named_by(prepared.settings());
  go_without_language_model(prepared);
  if (!prepared.models.uses_lm()) prepared.gathered.settings.lm_model_path = "none";
}

// The model's own word counts; its name only where it is not there to ask.
request::ModelFamily family_of_model(const pipeline::ModelFolder& dit) {
  using request::ModelFamily;
  const ModelFamily by_name = request::family_of(dit.name);
  const fs::path config = dit.path / "config.json";
  std::error_code error;
  if (!fs::is_regular_file(config, error)) return by_name;
  const auto json = request::parse_json(request::read_document(config), config.string());
  const auto is_turbo = json.is_object() ? json.find("is_turbo") : json.end();
  if (is_turbo == json.end() || !is_turbo->is_boolean()) return by_name;
  if (is_turbo->get<bool>() == request::is_turbo(by_name)) return by_name;
  return is_turbo->get<bool>() ? ModelFamily::kTurbo : ModelFamily::kBase;
}

}  // namespace

void judge_adjustments(request::Findings& findings, const request::Settings& settings) {
  if (!settings.strict) return;
  for (const request::Adjustment& adjustment : findings.adjustments) {
    findings.problems.push_back(to_text(adjustment) + "; --strict allows no adjustment");
  }
}

pipeline::ModelFolders models_named_by(const request::Settings& settings) {
  return pipeline::find_models({pipeline::resolve_checkpoint_dir(checkpoint_folder(settings)),
                                settings.config_path, settings.lm_model_path,
                                settings.vae_checkpoint});
}

pipeline::ReviewOptions review_options(const request::Settings& settings) {
  return {.times_lyrics = settings.lrc,
          .scores = settings.score || settings.keep_best > 0,
          .keep_best = settings.keep_best,
          .by = pipeline::parse_rank_by(settings.by)};
}

util::ArgumentVector decoder_of(const request::Settings& settings) {
  if (settings.decoder.empty()) return {};
  return util::parse_argument_vector(settings.decoder, "--decoder");
}

request::Environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
}

std::string checkpoint_folder(const request::Settings& settings) {
  if (settings.checkpoint_dir == "tiny") return settings.checkpoint_dir;
  const fs::path root = settings.project_root.empty() ? "." : settings.project_root;
  const fs::path folder = settings.checkpoint_dir.empty() ? "checkpoints" : settings.checkpoint_dir;
  return (root / folder).lexically_normal().string();
}

Prepared resolve(GivenSettings given, const std::optional<request::Document>& request) {
  Prepared prepared;
  const std::vector<request::Layer> layers = layers_of(given, request);
  prepared.findings = std::move(given.findings);
  request::Findings& findings = prepared.findings;
  prepared.gathered = gather(layers, findings);
  judge_unknown_keys(given.unknown_keys, prepared);
  request::throw_problems(findings);

  request::normalise(prepared.gathered, findings);
  plan_machine(prepared, given.cuda);
  prepared.gathered.settings.checkpoint_dir = prepared.checkpoint_dir;
  prepared.family = family_of_model(prepared.models.dit);
  request::apply_preset(prepared.gathered, prepared.family, findings);
  request::resolve_seed_fields(prepared.gathered, findings);
  return prepared;
}

namespace {

// An adapter that cannot be merged is found before anything is loaded.
void choose_adapters(Prepared& prepared) {
  prepared.adapters = chosen_adapters(prepared.settings());
  if (prepared.adapters.empty()) return;
  if (prepared.models.dit.is_present) {
    adapters::open_merged(prepared.models.dit.path, prepared.adapters);
    return;
  }
  for (const adapters::AdapterChoice& choice : prepared.adapters) adapters::Adapter(choice.path);
}

// A song of ours whose latents were saved beside it needs no encoding.
void find_saved_latents(Prepared& prepared) {
  request::Settings& settings = prepared.gathered.settings;
  const bool may_look =
      settings.compat != "reference" && settings.src_latents.empty() && !settings.src_audio.empty();
  if (!may_look) return;
  const auto found = pipeline::saved_latents_of(settings.src_audio);
  if (!found) return;
  settings.src_latents = found->string();
  prepared.gathered.origins["src_latents"] = {"saved with src_audio", -1};
  prepared.findings.warnings.push_back("the latents saved with " + settings.src_audio +
                                       " are used instead of encoding it; --src_latents none "
                                       "encodes");
}

// To know that it can be used and how long it is.
void take_source(Prepared& prepared) {
  if (!prepared.settings().has_source()) return;
  find_saved_latents(prepared);
  const bool follows_reference = prepared.settings().compat == "reference";
  Decoding decoding(prepared.settings());
  const auto& source = prepared.opened_source =
      pipeline::open_task_source(prepared.settings(), follows_reference, decoding.call());
  if (!source) return;
  prepared.source = source->facts;
  prepared.digests.audio_sha256 = source->facts.audio_sha256;
  prepared.digests.latents_sha256 = source->facts.latents_sha256;
  prepared.source_samples = source->frames() * condition::kFrameSamples;
  if (!source->facts.is_audible) {
    prepared.findings.warnings.push_back(prepared.settings().src_audio +
                                         " is silent: the song is made as if without a source");
  }
  static_cast<request::GenerationRequest&>(prepared.gathered.settings) =
      pipeline::with_source_length(prepared.settings(), source->facts, follows_reference);
  prepared.gathered.origins["duration"] = {"source", -1};
}

void take_reference(Prepared& prepared) {
  if (prepared.settings().reference_audio.empty()) return;
  Decoding decoding(prepared.settings());
  prepared.opened_reference = pipeline::open_reference(prepared.settings(), decoding.call());
  prepared.digests.reference_sha256 = prepared.opened_reference->sha256();
}

// What only the model's own configuration tells.
void warn_of_idle_caption(Prepared& prepared, const models::DitConfig& config) {
  if (prepared.settings().global_caption.empty() || config.is_lego_sft) return;
  prepared.findings.warnings.push_back(
      "global_caption has no effect: " + prepared.settings().config_path +
      " is no model of stems (is_lego_sft)");
}

// Of the windows in which sound is encoded.
std::optional<int64_t> reference_window(const plan::Plan& plan, const request::Settings& settings) {
  if (settings.compat != "reference") return std::nullopt;
  const bool is_gpu = plan.device.is_gpu();
  return plan::reference_window(is_gpu ? std::optional(plan.device.tier_gib) : std::nullopt);
}

// Of each preview; 0: none is asked for.
int64_t preview_frames(const request::Settings& settings, int64_t song_frames) {
  return settings.preview ? std::min(plan::preview_frames(*settings.preview), song_frames) : 0;
}

// With all that is known of models and song the plan may have to give way once more.
void fit_memory(Prepared& prepared) {
  if (!prepared.models.missing().empty()) return;
  const request::Settings& settings = prepared.settings();
  plan::Plan& plan = prepared.plan;
  const std::size_t told = plan.findings.adjustments.size();
  const plan::SongModels models = pipeline::read_model_facts(prepared.models);
  const models::DitConfig config = models::read_dit_config(prepared.models.dit.path);
  warn_of_idle_caption(prepared, config);
  prepared.encode_window_frames = reference_window(plan, settings);
  const pipeline::ReviewOptions review = review_options(settings);
  plan::MemoryFacts facts = {
      .models = models,
      .song = pipeline::song_shape(
          settings, config,
          {.uses_language_model = prepared.models.uses_lm(),
           .songs_together = plan.songs_together.value,
           .follows_reference = settings.compat == "reference",
           .is_listened_to = review.listens(),
           .scores_codes = review.scores_codes(),
           .lm_max_seconds = static_cast<int>(plan.max_duration.value),
           .source_samples = prepared.source_samples,
           .encodes_source = prepared.source && prepared.source->latents_sha256.empty()}),
      .numbers = pipeline::number_bytes(
          device::choose_precision(device::parse_dtype(plan.dtype.value), {})),
      .free_bytes = plan.device.free_bytes,
      .keeps_models = settings.keep_loaded,
      .window_frames = prepared.encode_window_frames};
  facts.song.preview_frames = preview_frames(settings, facts.song.frames);
  try {
    prepared.memory = plan::fit_to_memory(plan, facts);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::kMemory || !settings.dry_run) throw;
    prepared.refusal = error;
  }
  for (std::size_t i = told; i < plan.findings.adjustments.size(); ++i) {
    prepared.findings.adjustments.push_back(plan.findings.adjustments[i]);
  }
  settle_settings(prepared);
}

}  // namespace

Prepared prepare_without_song(GivenSettings given, const std::function<void(Prepared&)>& check) {
  Prepared prepared = resolve(std::move(given));
  start_log(prepared.settings());
  check(prepared);
  request::throw_problems(prepared.findings);
  judge_adjustments(prepared.findings, prepared.settings());
  request::throw_problems(prepared.findings);
  log_findings(prepared.findings);
  return prepared;
}

Prepared prepare(GivenSettings given, const std::optional<request::Document>& request) {
  Prepared prepared = resolve(std::move(given), request);
  request::Findings& findings = prepared.findings;
  request::validate(prepared.gathered, prepared.family, findings);
  request::throw_problems(findings);
  choose_adapters(prepared);
  take_source(prepared);
  take_reference(prepared);
  if (!prepared.settings().lm_only) fit_memory(prepared);
  judge_adjustments(findings, prepared.settings());
  request::throw_problems(findings);
  return prepared;
}

}  // namespace acestep::cli
