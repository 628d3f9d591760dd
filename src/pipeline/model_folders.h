// Finds the four model folders of a checkpoint folder, and says what is missing and how to get it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace acestep::pipeline {

struct ModelFolder {
  std::string name;  // "acestep-v15-turbo"
  std::filesystem::path path;
  bool is_present = false;  // config.json and weights exist
  uint64_t bytes = 0;       // of its weight files
};

// The folder of vae_checkpoint "official".
inline constexpr char kOfficialVae[] = "vae";

struct ModelChoice {
  std::filesystem::path checkpoint_dir;
  std::string dit;  // a name within checkpoint_dir or a folder; empty: the best one found
  std::string lm;   // likewise; "none": no language model
  std::string vae = "official";  // the folder "vae"; scragvae: a folder of that name; else a folder
};

// Which models a run works with.
struct ModelNeeds {
  bool dit = true;
  bool language_model = true;  // where one is wanted
  bool text_encoder = true;
  bool vae = true;
};

struct ModelFolders {
  ModelFolder dit;
  ModelFolder lm;  // empty name: none wanted
  ModelFolder text_encoder;
  ModelFolder vae;

  bool uses_lm() const { return !lm.name.empty(); }
  // Names of the needed folders that are not there.
  std::vector<std::string> missing(const ModelNeeds& needs = {}) const;
};

// Without a name the DiT is acestep-v15-turbo, else any other DiT found; the language model is
// acestep-5Hz-lm-1.7B, else any other size found. Never fails: what is missing says so.
ModelFolders find_models(const ModelChoice& choice);

// Throws Error kModel naming every missing folder and where to get it.
void require_models(const ModelFolders& folders, const std::filesystem::path& checkpoint_dir,
                    const ModelNeeds& needs = {});

// The checkpoint folder that `text` names: "tiny" is the built-in model in the user's cache folder,
// written on first use; anything else is a folder.
std::filesystem::path resolve_checkpoint_dir(const std::string& text);

}  // namespace acestep::pipeline
