#include "cli/models_wanted.h"

#include <spdlog/spdlog.h>

#include <algorithm>

#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

std::vector<const hub::KnownModel*> all_models() {
  std::vector<const hub::KnownModel*> models;
  for (const hub::KnownModel& model : hub::known_models()) models.push_back(&model);
  return models;
}

std::vector<const hub::KnownModel*> named_models(const std::vector<std::string>& names) {
  std::vector<const hub::KnownModel*> models;
  for (const std::string& name : names) {
    const hub::NamedModel named = hub::resolve_name(name);
    if (named.is_partial) spdlog::info("{} stands for {}", name, named.model->name);
    const bool is_new = std::find(models.begin(), models.end(), named.model) == models.end();
    if (is_new) models.push_back(named.model);
  }
  return models;
}

}  // namespace

std::vector<CommandOption> wanted_options() {
  uint64_t bytes = 0;
  for (const hub::KnownModel* model : all_models()) bytes += model->about_bytes;
  return {{.name = "all",
           .help = "every published model, about " + hub::size_text(bytes),
           .short_name = 'a'},
          {.name = "dir",
           .value = "DIR",
           .help = "another name for --checkpoint_dir",
           .short_name = 'd'},
          {.name = "source",
           .value = "HUB",
           .help = "auto is huggingface, then modelscope for what fails there",
           .choices = {"auto", "huggingface", "modelscope"},
           .fallback = "auto, or ACESTEP_DOWNLOAD_SOURCE"},
          {.name = "offline", .help = "open no connection, as HF_HUB_OFFLINE=1 does"}};
}

WantedModels wanted_models(const CommandCall& call, const ModelsPlace& place) {
  WantedModels wanted;
  if (call.is_on("all") && !call.arguments().empty()) {
    throw Error(ErrorCode::kUsage, "--all and names of models say different things",
                "Leave one of them away.");
  }
  if (call.is_on("all")) {
    wanted.models = all_models();
  } else {
    wanted.models = call.arguments().empty() ? hub::main_models() : named_models(call.arguments());
  }
  wanted.folder = call.has("dir") ? std::filesystem::path(call.text("dir")) : place.checkpoint_dir;
  wanted.access = hub::read_access(call.surroundings().environment, call.text("source"));
  if (call.is_on("offline")) wanted.access.is_offline = true;
  return wanted;
}

}  // namespace acestep::cli
