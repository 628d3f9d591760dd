#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/models_commands.h"
#include "cli/models_place.h"
#include "cli/signals.h"
#include "hub/digest.h"
#include "hub/download_record.h"
#include "hub/size_text.h"
#include "pipeline/model_check.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Verdict {
  hub::LocalModel model;
  std::vector<std::string> problems;
  uint64_t hashed_files = 0;
};

// Turns what a check throws about the model into a problem, so that every model is looked at.
template <typename Check>
void note_failure(Verdict& verdict, Check check) {
  try {
    check();
  } catch (const Error& error) {
    const bool is_stop =
        error.code() == ErrorCode::kInterrupted || error.code() == ErrorCode::kTerminated;
    if (is_stop) throw;
    verdict.problems.push_back(error.message());
  }
}

// From the record of the download; where there is none, from the catalogue.
std::vector<hub::RecordedFile> expected_digests(const hub::LocalModel& model) {
  std::vector<hub::RecordedFile> files = hub::read_record(model.path).files;
  const hub::KnownModel* known = hub::find_known(model.name);
  if (!files.empty() || known == nullptr) return files;
  for (const hub::KnownFile& file : known->files) {
    if (file.sha256.empty()) continue;
    files.push_back({std::string(file.name), file.bytes, std::string(file.sha256)});
  }
  return files;
}

void check_digests(Verdict& verdict, const util::StopToken& stop) {
  const auto files = expected_digests(verdict.model);
  if (files.empty()) spdlog::warn("{}: no digest of any of its files is known", verdict.model.name);
  for (const hub::RecordedFile& file : files) {
    const fs::path path = verdict.model.path / file.name;
    std::error_code error;
    const uint64_t bytes = fs::file_size(path, error);
    if (error) {
      verdict.problems.push_back(file.name + " is missing");
    } else if (bytes != file.bytes) {
      verdict.problems.push_back(file.name + " has " + std::to_string(bytes) + " bytes, expected " +
                                 std::to_string(file.bytes));
    } else if (hub::file_sha256(path, stop) != file.sha256) {
      verdict.problems.push_back(file.name + " does not have the digest it came with");
    }
    ++verdict.hashed_files;
  }
}

Verdict verify(const hub::LocalModel& model, bool with_digests, const util::StopToken& stop) {
  Verdict verdict{model, model.problems, 0};
  if (model.problems.empty() && model.kind) {
    note_failure(verdict, [&] { pipeline::check_model(*model.kind, model.path); });
  }
  if (!with_digests) return verdict;
  spdlog::info("{}: reading {}", model.name, hub::size_text(model.disk_bytes));
  note_failure(verdict, [&] { check_digests(verdict, stop); });
  return verdict;
}

std::vector<hub::LocalModel> models_to_verify(const CommandCall& call, const ModelsPlace& place) {
  std::vector<hub::LocalModel> models;
  for (const std::string& name : call.arguments()) {
    models.push_back(named_model(name, place.checkpoint_dir));
    require_something_of(models.back());
  }
  if (!call.arguments().empty()) return models;
  models = hub::find_local_models(place.checkpoint_dir);
  if (!models.empty()) return models;
  throw Error(ErrorCode::kModel, "there are no models in " + place.checkpoint_dir.string(),
              "acestep models download fetches them; --checkpoint_dir names another folder.");
}

json verdict_json(const Verdict& verdict) {
  return {{"name", verdict.model.name},           {"path", verdict.model.path.string()},
          {"ok", verdict.problems.empty()},       {"tensors", verdict.model.tensors},
          {"hashed_files", verdict.hashed_files}, {"problems", verdict.problems}};
}

void print_text(const Verdict& verdict) {
  if (verdict.problems.empty()) {
    std::cout << verdict.model.name << ": ok, " << verdict.model.tensors << " tensors, "
              << verdict.model.types();
    if (verdict.hashed_files > 0) std::cout << ", " << verdict.hashed_files << " digests";
    std::cout << '\n';
  }
  for (const std::string& problem : verdict.problems) {
    std::cout << verdict.model.name << ": " << problem << '\n';
  }
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  util::StopToken stop;
  const SignalGuard guard(stop);
  json results = json::array();
  bool is_all_well = true;
  for (const hub::LocalModel& model : models_to_verify(call, place)) {
    const Verdict verdict = verify(model, call.is_on("hash"), stop);
    is_all_well = is_all_well && verdict.problems.empty();
    results.push_back(verdict_json(verdict));
    if (!place.settings().json) print_text(verdict);
  }
  const int exit_code = is_all_well ? 0 : static_cast<int>(ErrorCode::kModel);
  if (place.settings().json) {
    print_json({{"success", is_all_well}, {"exit_code", exit_code}, {"models", results}});
  }
  return exit_code;
}

}  // namespace

Command models_verify_command() {
  return {.name = "models verify",
          .summary = "whether models are whole and fit",
          .details =
              "Every file is there, every header is well-formed, and the tensors are\n"
              "exactly those the engine takes, in their shapes. --hash reads every byte and\n"
              "compares its SHA-256 with what the download recorded, or with the digests\n"
              "this program knows of the main set (which a third party states). Without\n"
              "names every model in the checkpoint folder is looked at. Exit code 3 when\n"
              "something is wrong.",
          .arguments = {{"NAME", "names or paths; none: all", false, true}},
          .options = {{.name = "hash", .help = "compare the SHA-256 of the files too"}},
          .fields = model_field_names(),
          .examples = {{"acestep models verify", "all, in a second or two"},
                       {"acestep models verify acestep-v15-turbo --hash", "one, every byte"}},
          .run = run};
}

}  // namespace acestep::cli
