#include "hub/remove_model.h"

#include <algorithm>
#include <vector>

#include "request/nearest.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::hub {
namespace {

namespace fs = std::filesystem;

bool is_plain_name(const std::string& name) {
  return !name.empty() && name != "." && name != ".." &&
         name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
}

std::string hint_for_absent(const fs::path& checkpoint_dir, const std::string& name) {
  std::vector<std::string> names;
  for (const LocalModel& model : find_local_models(checkpoint_dir)) names.push_back(model.name);
  if (names.empty()) return "There are no models in " + checkpoint_dir.string() + ".";
  const auto near = request::nearest_name(name, names);
  return (near ? "Did you mean " + *near + "? " : std::string()) +
         "The models there: " + request::listed(names);
}

}  // namespace

LocalModel model_to_remove(const fs::path& checkpoint_dir, const std::string& name) {
  if (!is_plain_name(name)) {
    throw Error(ErrorCode::kUsage, request::in_quotes(name) + " is not the name of a model",
                "Name a folder directly below the checkpoint folder; acestep models list shows "
                "them.");
  }
  const fs::path path = checkpoint_dir / name;
  std::error_code error;
  const fs::file_status status = fs::symlink_status(path, error);
  if (status.type() == fs::file_type::not_found) {
    throw Error(ErrorCode::kModel, path.string() + " does not exist",
                hint_for_absent(checkpoint_dir, name));
  }
  if (status.type() == fs::file_type::symlink) {
    throw Error(ErrorCode::kModel, path.string() + " is a link",
                "Remove the link itself by hand: what it leads to may have other users.");
  }
  const LocalModel model = look_at_model(path);
  const bool is_model =
      model.kind.has_value() || !model.weights.empty() || model.unfinished_bytes > 0;
  if (status.type() != fs::file_type::directory || !is_model) {
    throw Error(ErrorCode::kModel, path.string() + " does not hold a model",
                "Only model folders are removed; look at it, and remove it by hand.");
  }
  return model;
}

void remove_model(const LocalModel& model) {
  std::error_code error;
  fs::remove(model.path / "config.json", error);
  if (!error) fs::remove_all(model.path, error);
  if (error) {
    throw Error(ErrorCode::kOutput,
                model.path.string() + ": cannot be removed: " + error.message());
  }
}

}  // namespace acestep::hub
