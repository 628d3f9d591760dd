#include "text/task.h"

#include <algorithm>

#include "text/python_text.h"
#include "util/error.h"

namespace acestep::text {
namespace {

// The instructions the models were trained with (reference: constants.py TASK_INSTRUCTIONS).
constexpr std::string_view kTextToMusic =
    "Fill the audio semantic mask based on the given conditions:";
constexpr std::string_view kCover = "Generate audio semantic tokens based on the given conditions:";

std::string_view instruction_named(std::string_view name) {
  for (const TaskInstruction& instruction : task_instructions()) {
    if (instruction.name == name) return instruction.text;
  }
  ACE_CHECK(!"an instruction of the table");
  return {};
}

std::string fill_in(std::string_view text, std::string_view placeholder, std::string_view value) {
  std::string filled(text);
  const size_t at = filled.find(placeholder);
  ACE_CHECK(at != std::string::npos);
  return filled.replace(at, placeholder.size(), value);
}

std::string joined_in_capitals(const std::vector<std::string>& classes) {
  std::string joined;
  for (const std::string& name : classes) {
    if (!joined.empty()) joined += " | ";
    joined += to_upper(name);
  }
  return joined;
}

}  // namespace

const std::vector<TaskInstruction>& task_instructions() {
  static const std::vector<TaskInstruction> instructions = {
      {"text2music", kTextToMusic},
      {"repaint", "Repaint the mask area based on the given conditions:"},
      {"cover", kCover},
      {"cover-nofsq", kCover},
      {"extract", "Extract the {TRACK_NAME} track from the audio:"},
      {"extract_default", "Extract the track from the audio:"},
      {"lego", "Generate the {TRACK_NAME} track based on the audio context:"},
      {"lego_default", "Generate the track based on the audio context:"},
      {"complete", "Complete the input track with {TRACK_CLASSES}:"},
      {"complete_default", "Complete the input track:"}};
  return instructions;
}

const std::vector<std::string_view>& tasks_of_turbo_models() {
  static const std::vector<std::string_view> tasks = {"text2music", "repaint", "cover",
                                                      "cover-nofsq"};
  return tasks;
}

const std::vector<std::string_view>& tasks_of_base_models() {
  static const std::vector<std::string_view> tasks = {
      "text2music", "repaint", "cover", "cover-nofsq", "extract", "lego", "complete"};
  return tasks;
}

std::string_view default_instruction() { return kTextToMusic; }

std::string task_instruction(std::string_view task, const TaskTracks& tracks) {
  if (task == "extract" || task == "lego") {
    if (tracks.track_name.empty())
      return std::string(instruction_named(std::string(task) + "_default"));
    return fill_in(instruction_named(task), "{TRACK_NAME}", to_upper(tracks.track_name));
  }
  if (task == "complete") {
    if (tracks.classes.empty()) return std::string(instruction_named("complete_default"));
    return fill_in(instruction_named(task), "{TRACK_CLASSES}", joined_in_capitals(tracks.classes));
  }
  const auto& tasks = tasks_of_base_models();
  const bool is_known = std::find(tasks.begin(), tasks.end(), task) != tasks.end();
  return std::string(is_known ? instruction_named(task) : kTextToMusic);
}

bool has_audio_codes(const std::vector<std::string>& audio_codes) {
  return std::any_of(audio_codes.begin(), audio_codes.end(),
                     [](const std::string& codes) { return !is_blank(codes); });
}

TaskTraits traits_of(std::string_view task, bool has_codes) {
  TaskTraits traits;
  traits.is_repaint = task == "repaint";
  traits.is_lego = task == "lego";
  traits.is_cover = task == "cover" || task == "cover-nofsq" || has_codes;
  traits.can_use_repainting = traits.is_repaint || traits.is_lego;
  return traits;
}

ResolvedTask resolve_task(std::string_view task, std::string_view instruction, bool has_codes) {
  if (task == "text2music" && has_codes) return {"cover", std::string(kCover)};
  return {std::string(task), std::string(instruction)};
}

}  // namespace acestep::text
