#include <iostream>

#include "cli/models_commands.h"
#include "cli/models_place.h"
#include "hub/remove_model.h"
#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

bool is_wanted(const ModelsPlace& place, const hub::LocalModel& model) {
  if (place.settings().yes) return true;
  const auto answer =
      ask_yes("Remove " + model.path.string() + ", " + hub::size_text(model.disk_bytes) + "?", {});
  if (answer) return *answer;
  throw Error(ErrorCode::kUsage, "models remove: there is no terminal to ask on",
              "Say --yes to remove " + model.path.string() + " without being asked.");
}

int run(const CommandCall& call) {
  const ModelsPlace place = models_place(call);
  require_changeable(place);
  const hub::LocalModel model = hub::model_to_remove(place.checkpoint_dir, call.argument(0));
  const bool is_removed = is_wanted(place, model);
  if (is_removed) hub::remove_model(model);
  if (place.settings().json) {
    print_json({{"success", is_removed},
                {"path", model.path.string()},
                {"freed_bytes", is_removed ? model.disk_bytes : 0}});
  } else if (is_removed) {
    std::cout << model.path.string() << '\n';
  }
  return 0;
}

std::vector<std::string> remove_fields() {
  std::vector<std::string> fields = model_field_names();
  fields.push_back("yes");
  return fields;
}

}  // namespace

Command models_remove_command() {
  return {.name = "models remove",
          .summary = "remove a model from the disk",
          .details =
              "Only a model's folder directly below the checkpoint folder is removed, never\n"
              "a link or anything else. Asks on a terminal; elsewhere --yes is needed.",
          .arguments = {{"NAME", "a name in the checkpoint folder"}},
          .fields = remove_fields(),
          .examples = {{"acestep models remove acestep-5Hz-lm-0.6B", "asks first"}},
          .run = run};
}

}  // namespace acestep::cli
