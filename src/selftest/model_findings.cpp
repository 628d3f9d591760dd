#include "selftest/model_findings.h"

#include <algorithm>
#include <array>
#include <string>

#include "hub/catalogue.h"
#include "hub/local_model.h"
#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::selftest {
namespace fs = std::filesystem;
namespace {

std::array<const pipeline::ModelFolder*, 4> parts_of(const pipeline::ModelFolders& models) {
  return {&models.dit, &models.lm, &models.text_encoder, &models.vae};
}

std::string cure_for(const pipeline::ModelFolder& model, const hub::LocalModel& found) {
  const bool is_known = hub::find_known(model.name) != nullptr;
  const std::string download = "acestep models download " + model.name;
  if (found.unfinished_bytes > 0) return download + " goes on where it stopped";
  if (is_known) return download + ", or choose another folder with --checkpoint_dir";
  return "choose one of `acestep models list`, or another folder with --checkpoint_dir";
}

Finding examine_model(const std::string& subject, const pipeline::ModelFolder& model) {
  const hub::LocalModel found = hub::look_at_model(model.path);
  if (found.state == hub::ModelState::kPresent && model.is_present) {
    return {Level::kOk, subject,
            model.name + ", " + hub::size_text(model.bytes) + ", " + found.types()};
  }
  std::string fact = model.name + " is " + std::string(hub::state_name(found.state)) + " at " +
                     model.path.string();
  if (!found.problems.empty()) fact += ": " + found.problems.front();
  return {Level::kProblem, subject, fact, cure_for(model, found),
          static_cast<int>(ErrorCode::kModel)};
}

}  // namespace

std::vector<Finding> examine_models(const pipeline::ModelFolders& models,
                                    const fs::path& checkpoint_dir) {
  constexpr std::array<const char*, 4> kSubjects = {"diffusion model", "language model",
                                                    "text encoder", "audio decoder"};
  std::error_code error;
  std::vector<Finding> findings;
  if (!fs::is_directory(checkpoint_dir, error)) {
    findings.push_back({Level::kProblem, "models",
                        "the folder " + checkpoint_dir.string() + " does not exist",
                        "acestep models download fetches them there; --checkpoint_dir names "
                        "another folder, and --checkpoint_dir tiny a built-in toy",
                        static_cast<int>(ErrorCode::kModel)});
    return findings;
  }
  const auto parts = parts_of(models);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i]->name.empty()) findings.push_back(examine_model(kSubjects[i], *parts[i]));
  }
  return findings;
}

uint64_t largest_model_bytes(const pipeline::ModelFolders& models) {
  uint64_t largest = 0;
  for (const pipeline::ModelFolder* part : parts_of(models)) {
    largest = std::max(largest, part->bytes);
  }
  return largest;
}

}  // namespace acestep::selftest
