#include "hub/catalogue.h"

#include <algorithm>
#include <numeric>

#include "hub/catalogue_files.h"
#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::hub {
namespace {

constexpr std::string_view kMainRepo = "ACE-Step/Ace-Step1.5";
constexpr std::string_view kMit = "MIT (declared)";
// Memory budgets of the reference (gpu_config.py) stand in for sizes it does not state.
constexpr uint64_t kDit2bBytes = 4'800'000'000;
constexpr uint64_t kLm06Bytes = 1'200'000'000;
constexpr uint64_t kLm4Bytes = 8'400'000'000;
// About 4.7 billion parameters; the published files are said to be float32.
constexpr uint64_t kXlBytes = 20'000'000'000;
constexpr std::string_view kXlNote =
    "float32 on disk, as third parties say; models convert --dtype bf16 halves it";

uint64_t sum_bytes(std::span<const KnownFile> files) {
  return std::accumulate(files.begin(), files.end(), uint64_t{0},
                         [](uint64_t sum, const KnownFile& file) { return sum + file.bytes; });
}

KnownModel main_part(std::string_view name, ModelKind kind, std::span<const KnownFile> files) {
  return {.name = name,
          .kind = kind,
          .family = kind == ModelKind::kDit ? "turbo" : "",
          .repo = kMainRepo,
          .subfolder = name,
          .licence = kMit,
          .files = files,
          .about_bytes = sum_bytes(files)};
}

KnownModel dit(std::string_view name, std::string_view family, std::string_view repo,
               std::string_view note = {}) {
  const bool is_xl = family.starts_with("xl-");
  return {.name = name,
          .kind = ModelKind::kDit,
          .family = family,
          .repo = repo,
          .licence = kMit,
          .about_bytes = is_xl ? kXlBytes : kDit2bBytes,
          .note = is_xl ? kXlNote : note};
}

KnownModel language_model(std::string_view name, std::string_view repo, uint64_t about_bytes) {
  return {.name = name,
          .kind = ModelKind::kLanguageModel,
          .repo = repo,
          .licence = kMit,
          .about_bytes = about_bytes};
}

std::vector<KnownModel> make_models() {
  KnownModel encoder =
      main_part("Qwen3-Embedding-0.6B", ModelKind::kTextEncoder, known_files::text_encoder());
  encoder.licence = "Apache-2.0 (upstream), repository declares MIT";
  return {
      main_part("acestep-v15-turbo", ModelKind::kDit, known_files::turbo()),
      main_part("acestep-5Hz-lm-1.7B", ModelKind::kLanguageModel, known_files::lm_1_7b()),
      encoder,
      main_part("vae", ModelKind::kVae, known_files::vae()),
      language_model("acestep-5Hz-lm-0.6B", "ACE-Step/acestep-5Hz-lm-0.6B", kLm06Bytes),
      language_model("acestep-5Hz-lm-4B", "ACE-Step/acestep-5Hz-lm-4B", kLm4Bytes),
      dit("acestep-v15-turbo-shift3", "turbo", "ACE-Step/acestep-v15-turbo-shift3"),
      dit("acestep-v15-sft", "sft", "ACE-Step/acestep-v15-sft"),
      dit("acestep-v15-base", "base", "ACE-Step/acestep-v15-base"),
      dit("acestep-v15-turbo-shift1", "turbo", "ACE-Step/acestep-v15-turbo-shift1"),
      dit("acestep-v15-turbo-continuous", "turbo", "ACE-Step/acestep-v15-turbo-continuous",
          "for shift 1 to 5"),
      dit("acestep-v15-xl-base", "xl-base", "ACE-Step/acestep-v15-xl-base"),
      dit("acestep-v15-xl-sft", "xl-sft", "ACE-Step/acestep-v15-xl-sft"),
      dit("acestep-v15-xl-turbo", "xl-turbo", "ACE-Step/acestep-v15-xl-turbo"),
      {.name = "scragvae",
       .kind = ModelKind::kVae,
       .repo = "scragnog/Ace-Step-1.5-ScragVAE",
       .licence = kMit,
       .about_bytes = 337'000'000,
       .note = "a community's autoencoder of the same architecture"},
  };
}

}  // namespace

std::string_view kind_name(ModelKind kind) {
  switch (kind) {
    case ModelKind::kDit:
      return "diffusion transformer";
    case ModelKind::kLanguageModel:
      return "language model";
    case ModelKind::kTextEncoder:
      return "text encoder";
    case ModelKind::kVae:
      return "audio autoencoder";
  }
  return "";
}

std::span<const KnownModel> known_models() {
  static const std::vector<KnownModel> kModels = make_models();
  return kModels;
}

const KnownModel* find_known(std::string_view name) {
  const auto models = known_models();
  const auto place = std::find_if(models.begin(), models.end(),
                                  [&](const KnownModel& model) { return model.name == name; });
  return place == models.end() ? nullptr : &*place;
}

std::vector<const KnownModel*> main_models() {
  std::vector<const KnownModel*> result;
  for (const KnownModel& model : known_models()) {
    if (model.repo == kMainRepo) result.push_back(&model);
  }
  return result;
}

std::vector<std::string_view> tasks_of(std::string_view family) {
  std::vector<std::string_view> tasks = {"text2music", "cover", "cover-nofsq", "repaint"};
  if (family == "base" || family == "xl-base") {
    tasks.insert(tasks.end(), {"extract", "lego", "complete"});
  }
  return tasks;
}

std::string family_of_name(std::string_view name) {
  const auto words = request::split_any(request::to_lower_ascii(name), "/\\._-");
  const auto has = [&](const char* word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  const std::string prefix = has("xl") ? "xl-" : "";
  if (has("turbo")) return prefix + "turbo";
  return prefix + (has("sft") ? "sft" : "base");
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const KnownModel& model : known_models()) names.emplace_back(model.name);
  return names;
}

NamedModel resolve_name(const std::string& name) {
  if (const KnownModel* model = find_known(name)) return {model, false};
  const std::string part = request::to_lower_ascii(name);
  for (const KnownModel& model : known_models()) {
    const std::string lower = request::to_lower_ascii(model.name);
    if (!part.empty() && lower.find(part) != std::string::npos) return {&model, true};
  }
  std::string hint = "The models: " + request::listed(known_names());
  if (const auto near = request::nearest_name(name, known_names())) {
    hint = "Did you mean " + *near + "? " + hint;
  }
  throw Error(ErrorCode::kModel, "no published model is called " + request::in_quotes(name), hint);
}

}  // namespace acestep::hub
