// The tasks of the DiT, their instructions, and what a task does with its source.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::text {

// An instruction template by name: "text2music", "repaint", "cover", "cover-nofsq", and for
// extract, lego and complete one with a placeholder ({TRACK_NAME}, {TRACK_CLASSES}) and one
// "…_default" without.
struct TaskInstruction {
  std::string_view name;
  std::string_view text;
};
const std::vector<TaskInstruction>& task_instructions();

const std::vector<std::string_view>& tasks_of_turbo_models();
const std::vector<std::string_view>& tasks_of_base_models();

// The instruction that a text2music prompt gets.
std::string_view default_instruction();

// Which tracks a task is about; names are written in capitals.
struct TaskTracks {
  std::string_view track_name;       // extract, lego; empty: not named
  std::vector<std::string> classes;  // complete; empty: not named
};

// The instruction of `task`; an unknown task gets that of text2music.
std::string task_instruction(std::string_view task, const TaskTracks& tracks = {});

// Does any of the songs bring audio codes (text that is not blank)?
bool has_audio_codes(const std::vector<std::string>& audio_codes);

struct TaskTraits {
  bool is_repaint = false;
  bool is_lego = false;
  bool is_cover = false;            // also any task with audio codes
  bool can_use_repainting = false;  // repaints a span: repaint and lego
};
TaskTraits traits_of(std::string_view task, bool has_codes);

struct ResolvedTask {
  std::string task;
  std::string instruction;
};
// text2music with audio codes becomes cover with cover's instruction; else all stays as given.
ResolvedTask resolve_task(std::string_view task, std::string_view instruction, bool has_codes);

}  // namespace acestep::text
