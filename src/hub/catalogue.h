// The published models as data: names, kinds, where they come from, sizes and digests.
//
// Names and repositories are the reference's (model_downloader.py). File sizes and SHA-256 digests
// are stated by a third party's installer manifest, not by the reference, and were not checked
// against the live hub: a download trusts the hub's own list and only warns where this one differs.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::hub {

enum class ModelKind { kDit, kLanguageModel, kTextEncoder, kVae };

// "diffusion transformer", "language model", "text encoder", "audio autoencoder".
std::string_view kind_name(ModelKind kind);

struct KnownFile {
  std::string_view name;
  uint64_t bytes = 0;
  std::string_view sha256 = {};  // empty: not known
};

struct KnownModel {
  std::string_view name;  // of its folder
  ModelKind kind = ModelKind::kDit;
  std::string_view family = {};     // of a DiT: "turbo", "xl-base", …; else empty
  std::string_view repo;            // "ACE-Step/Ace-Step1.5"
  std::string_view subfolder = {};  // its folder within the repository; empty: the root
  std::string_view licence;         // as its page declares it
  // Its files that matter here; empty where only the hub knows.
  std::span<const KnownFile> files = {};
  uint64_t about_bytes = 0;  // of all files; an estimate where `files` is empty
  std::string_view note = {};
};

// In the order in which names are looked up: the main set first.
std::span<const KnownModel> known_models();
const KnownModel* find_known(std::string_view name);

// The four models that make a song: acestep-v15-turbo, vae, Qwen3-Embedding-0.6B and
// acestep-5Hz-lm-1.7B (reference: MAIN_MODEL_COMPONENTS).
std::vector<const KnownModel*> main_models();

// What a DiT of this family can do: text2music, cover, …
std::vector<std::string_view> tasks_of(std::string_view family);

// "turbo", "sft" or "base", with "xl-" before it where the name says so: from the words of a
// folder's name (reference: gpu_config.py splits at . _ -).
std::string family_of_name(std::string_view name);

// What the user named: a model's name, or a part of one, which stands for the first model whose
// name contains it.
struct NamedModel {
  const KnownModel* model = nullptr;
  bool is_partial = false;
};
// Throws Error kModel with the nearest name and the list.
NamedModel resolve_name(const std::string& name);

// The names of all models.
std::vector<std::string> known_names();

}  // namespace acestep::hub
