#include <iostream>

#include "cli/models_commands.h"
#include "cli/models_place.h"
#include "cli/models_wanted.h"
#include "hub/download.h"
#include "hub/size_text.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr char kOrigin[] =
    "sizes and digests are stated by a third party and were not checked against the live hub";

// By size alone: the plan reads nothing.
bool seems_present(const fs::path& file, uint64_t bytes) {
  std::error_code error;
  return fs::is_regular_file(file, error) && fs::file_size(file, error) == bytes;
}

json file_json(const hub::RemoteFile& file, const fs::path& folder) {
  const fs::path target = folder / file.name;
  return {{"name", file.name},
          {"url", file.url},
          {"target", target.string()},
          {"bytes", file.bytes},
          {"sha256", file.sha256.empty() ? json() : json(file.sha256)},
          {"present", seems_present(target, file.bytes)}};
}

json model_plan(const hub::KnownModel& model, const WantedModels& wanted) {
  const hub::Source source = wanted.access.order.front();
  const fs::path folder = wanted.folder / model.name;
  json files = json::array();
  uint64_t missing = 0;
  for (const auto& file : hub::catalogue_listing(wanted.access, source, model).files) {
    files.push_back(file_json(file, folder));
    if (!files.back()["present"].get<bool>()) missing += file.bytes;
  }
  const bool is_known = !model.files.empty();
  return {{"name", model.name},
          {"path", folder.string()},
          {"repo", model.repo},
          {"licence", model.licence},
          {"source", hub::source_name(source)},
          {"list_url", hub::listing_url(wanted.access, source, model)},
          {"is_file_list_known", is_known},
          {"about_bytes", model.about_bytes},
          {"missing_bytes", is_known ? json(missing) : json()},
          {"files", files},
          {"origin", is_known ? json(kOrigin) : json()}};
}

void print_model(const json& model) {
  std::cout << "# " << model["name"].get<std::string>() << ": " << model["repo"].get<std::string>()
            << ", " << hub::size_text(model["about_bytes"].get<uint64_t>()) << ", "
            << model["licence"].get<std::string>() << '\n';
  if (!model["is_file_list_known"].get<bool>()) {
    std::cout << "# only the hub knows its files: " << model["list_url"].get<std::string>() << '\n';
    return;
  }
  for (const json& file : model["files"]) {
    const std::string digest = file["sha256"].is_null() ? "-" : file["sha256"].get<std::string>();
    std::cout << (file["present"].get<bool>() ? "present  " : "missing  ")
              << file["bytes"].get<uint64_t>() << "  " << digest << "  "
              << file["url"].get<std::string>() << '\n';
  }
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  const WantedModels wanted = wanted_models(call, place);
  json models = json::array();
  uint64_t about_bytes = 0;
  for (const hub::KnownModel* model : wanted.models) {
    models.push_back(model_plan(*model, wanted));
    about_bytes += model->about_bytes;
  }
  const uint64_t free_bytes = hub::free_bytes_of_disk(wanted.folder);
  if (place.settings().json) {
    print_json({{"checkpoint_dir", wanted.folder.string()},
                {"about_bytes", about_bytes},
                {"free_bytes", free_bytes},
                {"models", models}});
    return 0;
  }
  for (const json& model : models) print_model(model);
  if (!place.settings().quiet) {
    std::cerr << "about " << hub::size_text(about_bytes) << " in all, "
              << hub::size_text(free_bytes) << " free; " << kOrigin << '\n';
  }
  return 0;
}

std::vector<std::string> plan_fields() {
  std::vector<std::string> fields = terminal_field_names();
  fields.insert(fields.end(), {"checkpoint_dir", "project_root"});
  return fields;
}

}  // namespace

Command models_plan_download_command() {
  return {.name = "models plan-download",
          .summary = "which files a download would fetch, without a network",
          .details =
              "Lists every file with its size, SHA-256 and address, for fetching by other\n"
              "means: put each into the model's folder and run acestep models verify\n"
              "--hash. Of models outside the main set only the hub knows the files; the\n"
              "address of its list is printed instead.",
          .arguments = {{"NAME", "models of acestep models list; none: the main set", false, true}},
          .options = wanted_options(),
          .fields = plan_fields(),
          .examples = {{"acestep models plan-download --json", "the main set, for scripts"}},
          .run = run};
}

}  // namespace acestep::cli
