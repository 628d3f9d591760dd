#include "cli/wizard.h"

#include <filesystem>
#include <system_error>

#include "cli/text_input.h"
#include "request/presets.h"
#include "request/request_fields.h"
#include "request/text.h"
#include "request/trial.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using request::Field;
using request::field_named;
using request::FieldType;

// "\\n" becomes a new line.
std::string with_line_breaks(std::string_view text) {
  std::string result;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool is_break = text.substr(at, 2) == "\\n";
    result += is_break ? '\n' : text[at];
    if (is_break) ++at;
  }
  return result;
}

// A question with what may be answered.
std::string with_notes(std::string question, const Field& field) {
  const bool has_bounds = !field.choices.empty() || !describe(field.range).empty();
  std::string notes = has_bounds && field.choices.size() < 12 ? describe_allowed(field) : "";
  if (request::to_text(default_of(field)).empty() && !field.default_note.empty()) {
    if (!notes.empty()) notes += "; ";
    notes += field.default_note;
  }
  return notes.empty() ? question : question.append(" (").append(notes).append(")");
}

class Wizard final {
 public:
  Wizard(Interview& interview, const InstalledModels& models)
      : interview_(interview), models_(models) {}

  request::Layer run() {
    ask_task();
    ask_model("config_path", "Diffusion model", models_.diffusion);
    ask_model("lm_model_path", "Language model", models_.language);
    ask_words();
    put("batch_size", "1");
    ask_field("batch_size", "How many songs");
    if (interview_.ask_yes("Set more than that", false)) ask_more();
    return std::move(layer_);
  }

 private:
  // Takes the answer; "" when it fits, else what is wrong with it.
  std::string put(const std::string& name, const std::string& text) {
    request::Layer candidate = layer_;
    request::Findings findings;
    request::put_text(candidate, field_named(name), text, "answer", findings);
    if (!findings.problems.empty()) return findings.problems.front();
    std::string problem = problem_of(request::try_layer(candidate), name);
    if (problem.empty()) layer_ = std::move(candidate);
    return problem;
  }

  bool put_or_complain(const std::string& name, const std::string& text) {
    const std::string problem = put(name, text);
    if (!problem.empty()) interview_.complain(problem);
    return problem.empty();
  }

  void ask_switch(const Field& field, const std::string& question) {
    const bool usual = default_of(field) == request::Value(true);
    bool answer = usual;
    do {
      answer = interview_.ask_yes(question, usual);
    } while (answer != usual && !put_or_complain(field.name, answer ? "true" : "false"));
  }

  void ask_field(const std::string& name, const std::string& question) {
    const Field& field = field_named(name);
    if (field.type == FieldType::kBool) return ask_switch(field, question);
    const std::string usual = request::to_text(default_of(field));
    std::string answer;
    do {
      answer = interview_.ask(with_notes(question, field), usual);
    } while (answer != usual && !put_or_complain(name, answer));
  }

  void ask_task() {
    const std::vector<std::string> tasks = {"text2music", "cover",   "repaint",
                                            "lego",       "extract", "complete"};
    interview_.say("What is to be done?");
    std::string task;
    do {
      task = interview_.choose("Task", tasks, tasks.front());
    } while (task != tasks.front() && !put_or_complain("task_type", task));
    if (task != tasks.front()) ask_source(task);
  }

  void ask_source(const std::string& task) {
    ask_field("src_audio", "Sound file to work on");
    if (task == "lego" || task == "extract") ask_field("track", "Track");
    if (task == "complete") ask_field("complete_tracks", "Tracks to add, commas between");
    if (task != "repaint" && task != "lego") return;
    ask_field("repainting_start", "Second where the new part begins");
    ask_field("repainting_end", "Second where it ends, -1 for the end of the file");
  }

  void ask_model(const std::string& name, const std::string& question,
                 const std::vector<std::string>& installed) {
    if (installed.empty()) {
      interview_.say(question + ": none found; it is chosen when a song is made.");
      return;
    }
    for (size_t i = 0; i < installed.size(); ++i) {
      interview_.say("  " + std::to_string(i + 1) + "  " + installed[i]);
    }
    std::string answer;
    do {
      answer = interview_.ask(question + ", number, name or folder", "auto");
      for (size_t i = 0; i < installed.size(); ++i) {
        if (answer == std::to_string(i + 1)) answer = installed[i];
      }
    } while (answer != "auto" && !put_or_complain(name, answer));
  }

  void ask_words() {
    ask_field("sample_mode", "Let the language model invent the song from a description");
    if (layer_.contains("sample_mode")) {
      ask_field("sample_query", "Description of the song");
      return;
    }
    ask_text("caption", "What does it sound like");
    ask_lyrics();
  }

  // Texts that would be read as the name of a file say so.
  void ask_text(const std::string& name, const std::string& question) {
    std::string answer;
    do {
      answer = with_line_breaks(interview_.ask(question, ""));
    } while (!answer.empty() && !take_text(name, answer));
  }

  bool take_text(const std::string& name, const std::string& text) {
    if (!stands_for_file(name, text)) return put_or_complain(name, text);
    interview_.complain(request::in_quotes(text) + " would be read as the name of a file");
    return false;
  }

  void ask_lyrics() {
    const std::vector<std::string> ways = {"instrumental", "written by the language model",
                                           "in a .txt file", "typed here"};
    interview_.say("Lyrics:");
    bool is_done = false;
    while (!is_done) {
      const std::string way = interview_.choose("Lyrics", ways, ways.front());
      if (way == ways[0]) {
        is_done =
            put_or_complain("instrumental", "true") && put_or_complain("lyrics", "[Instrumental]");
      } else if (way == ways[1]) {
        is_done = put_or_complain("use_cot_lyrics", "true");
      } else if (way == ways[2]) {
        is_done = ask_lyrics_file();
      } else {
        is_done = take_text("lyrics", with_line_breaks(interview_.ask(
                                          "Lyrics in one line, \\n for a new line", "")));
      }
    }
    if (!layer_.contains("instrumental")) ask_field("vocal_language", "Language of the vocals");
  }

  bool ask_lyrics_file() {
    const std::string answer = interview_.ask("File", "");
    std::error_code error;
    if (!answer.ends_with(".txt") || !fs::is_regular_file(answer, error)) {
      interview_.complain(request::in_quotes(answer) + ": a .txt file that exists is expected");
      return false;
    }
    return put_or_complain("lyrics", fs::absolute(answer).lexically_normal().string());
  }

  bool is_turbo_model() const {
    const auto model = layer_.find("config_path");
    if (model == layer_.end()) return true;
    return request::is_turbo(request::family_of(request::to_text(model->second.value)));
  }

  void ask_more() {
    if (!layer_.contains("sample_mode")) {
      ask_field("use_format", "Let the language model polish caption and lyrics");
    }
    ask_metadata();
    ask_sampling();
    ask_language_model();
    ask_output();
  }

  void ask_metadata() {
    ask_field("duration", "Length in seconds");
    ask_field("bpm", "Beats per minute");
    ask_field("keyscale", "Key, such as C major or Am");
    ask_field("timesignature", "Beats per bar, such as 4 or 4/4");
    if (!layer_.contains("vocal_language")) ask_field("vocal_language", "Language of the vocals");
  }

  void ask_sampling() {
    ask_field("seed", "Seed");
    ask_field("inference_steps", "Denoising steps");
    if (!is_turbo_model()) {
      ask_field("guidance_scale", "Guidance scale");
      ask_field("use_adg", "Adaptive dual guidance");
      ask_field("cfg_interval_start", "Guidance begins at");
      ask_field("cfg_interval_end", "Guidance ends at");
    }
    ask_field("shift", "Shift of the schedule");
    ask_field("infer_method", "Method");
    ask_field("timesteps", "Own timesteps, such as 0.97,0.5,0");
  }

  void ask_language_model() {
    ask_field("thinking", "Let the language model plan the song");
    ask_field("lm_temperature", "Its temperature");
    ask_field("lm_cfg_scale", "Its guidance scale");
    ask_field("lm_top_k", "Its top k");
    ask_field("lm_top_p", "Its top p");
    ask_field("lm_negative_prompt", "Its negative prompt");
    ask_field("use_cot_metas", "It chooses tempo, key, metre and length left open");
    ask_field("use_cot_caption", "It rewrites the caption");
    ask_field("use_cot_lyrics", "It writes the lyrics");
    ask_field("use_cot_language", "It names the language");
    ask_field("use_constrained_decoding", "It can write well-formed plans only");
  }

  void ask_output() {
    ask_field("save_dir", "Folder for the songs");
    ask_field("audio_format", "Format");
    ask_field("use_random_seed", "Draw seeds");
    ask_field("seeds", "Seeds, one per song");
    ask_field("allow_lm_batch", "Plan several songs at once");
    ask_field("lm_batch_chunk_size", "How many at once");
    ask_field("constrained_decoding_debug", "Show how the plan is constrained");
  }

  Interview& interview_;
  const InstalledModels& models_;
  request::Layer layer_;
};

}  // namespace

request::Layer ask_for_settings(Interview& interview, const InstalledModels& models) {
  return Wizard(interview, models).run();
}

}  // namespace acestep::cli
