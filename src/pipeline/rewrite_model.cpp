#include "pipeline/rewrite_model.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "hub/digest.h"
#include "hub/download_record.h"
#include "hub/size_text.h"
#include "pipeline/draft_folder.h"
#include "pipeline/model_check.h"
#include "util/error.h"
#include "util/strict_json.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;

constexpr char kConfigName[] = "config.json";

void require_free(const fs::path& target, util::Existing existing) {
  std::error_code error;
  const bool is_free =
      target.has_filename() && fs::symlink_status(target, error).type() == fs::file_type::not_found;
  if (is_free) return;
  if (existing == util::Existing::kRefuse) {
    throw Error(ErrorCode::kOutput, target.string() + ": is there already",
                "Choose a folder that does not exist yet, with --out.");
  }
  if (fs::is_directory(target, error) && !hub::look_at_model(target).weights.empty()) return;
  throw Error(ErrorCode::kOutput, target.string() + ": holds no model, so it is not replaced",
              "Choose another folder with --out.");
}

// "model.safetensors" or "diffusion_pytorch_model.safetensors", as the source's weights are called.
std::string weight_file_name(const hub::LocalModel& model) {
  const std::string& name =
      model.index_file.empty() ? model.weights.front().name : model.index_file;
  const std::string stem = name.starts_with("diffusion_") ? "diffusion_pytorch_model" : "model";
  return stem + ".safetensors";
}

bool is_copied(const fs::path& file) {
  const std::string name = file.filename().string();
  const bool is_weights = name.ends_with(".safetensors") || name.ends_with(".index.json");
  return !is_weights && !name.ends_with(".part") && name != kConfigName &&
         name != hub::kRecordName && !name.starts_with(".");
}

std::vector<fs::path> companions(const fs::path& from) {
  std::vector<fs::path> files;
  for (const auto& item : fs::directory_iterator(from)) {
    std::error_code error;
    if (item.is_regular_file(error) && is_copied(item.path())) files.push_back(item.path());
  }
  return files;
}

void require_room(const fs::path& folder, uint64_t bytes) {
  std::error_code error;
  const fs::space_info space = fs::space(folder, error);
  if (error || space.available >= bytes) return;
  throw Error(ErrorCode::kOutput,
              folder.string() + ": " + hub::size_text(bytes) + " are needed, " +
                  hub::size_text(space.available) + " are free",
              "Make room, or choose a folder on another disk with --out.");
}

uint64_t bytes_to_write(const NewWeights& made, const std::vector<fs::path>& others) {
  uint64_t bytes = 0;
  for (const weights::TensorShape& tensor : made.tensors) bytes += weights::bytes_needed(tensor);
  for (const fs::path& file : others) bytes += fs::file_size(file);
  return bytes;
}

void copy_into(const fs::path& folder, const std::vector<fs::path>& files) {
  for (const fs::path& file : files) {
    std::error_code error;
    const fs::path target = folder / file.filename();
    fs::copy_file(file, target, error);
    if (error) {
      throw Error(ErrorCode::kOutput, target.string() + ": cannot be written: " + error.message());
    }
  }
}

// So that models verify --hash knows what was written.
void write_record_of(const fs::path& folder, const std::string& origin,
                     const util::StopToken& stop) {
  hub::DownloadRecord record{"", "", origin, {}};
  for (const auto& item : fs::directory_iterator(folder)) {
    const std::string file = item.path().filename().string();
    record.files.push_back({file, item.file_size(), hub::file_sha256(item.path(), stop)});
  }
  hub::write_record(folder, record);
}

}  // namespace

hub::LocalModel look_at_sound_model(const fs::path& from) {
  hub::LocalModel model = hub::look_at_model(from);
  if (model.weights.empty()) {
    throw Error(ErrorCode::kModel, from.string() + ": holds no weights",
                "acestep models list shows what is there.");
  }
  if (model.kind) check_model(*model.kind, from);
  return model;
}

hub::LocalModel look_before_rewriting(const fs::path& from, const RewriteTarget& to) {
  std::error_code error;
  if (fs::equivalent(from, to.folder, error)) {
    throw Error(ErrorCode::kOutput, to.folder.string() + ": is the model itself",
                "Choose another folder with --out.");
  }
  require_free(to.folder, to.existing);
  return look_at_sound_model(from);  // a gap in the source is told as the source's
}

uint64_t rewrite_model(const hub::LocalModel& from, const RewriteTarget& to, NewWeights made,
                       const util::StopToken& stop) {
  const std::vector<fs::path> others = companions(from.path);
  DraftFolder draft(fs::absolute(to.folder));
  require_room(draft.path(), bytes_to_write(made, others));
  const fs::path file = draft.path() / weight_file_name(from);
  weights::write_safetensors_streamed(file, std::move(made.tensors), made.bytes_of,
                                      {.metadata = {{"format", "pt"}}});
  copy_into(draft.path(), others);
  nlohmann::json config = util::read_json_file(from.path / kConfigName, {}, ErrorCode::kModel);
  made.edit_config(config);
  util::write_atomically(draft.path() / kConfigName, config.dump(2) + "\n");
  if (from.kind) check_model(*from.kind, draft.path());
  const uint64_t bytes = fs::file_size(file);
  write_record_of(draft.path(), made.origin, stop);
  draft.commit(to.existing);
  return bytes;
}

}  // namespace acestep::pipeline
