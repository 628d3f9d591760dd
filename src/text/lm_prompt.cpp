#include "text/lm_prompt.h"

#include "text/python_text.h"

namespace acestep::text {
namespace {

// The four instructions of the training data (reference: constants.py DEFAULT_LM_*).
constexpr std::string_view kGenerate =
    "Generate audio semantic tokens based on the given conditions:";
constexpr std::string_view kUnderstand =
    "Understand the given musical conditions and describe the audio semantics accordingly:";
constexpr std::string_view kInspire =
    "Expand the user's input into a more detailed and specific musical description:";
constexpr std::string_view kFormat =
    "Format the user's input into a more detailed and specific musical description:";

std::string chat(std::string_view instruction, std::string_view user) {
  std::string text = "<|im_start|>system\n# Instruction\n";
  text.append(instruction).append("\n\n<|im_end|>\n<|im_start|>user\n");
  text.append(user).append("<|im_end|>\n<|im_start|>assistant\n");
  return text;
}

std::string caption_and_lyrics(std::string_view caption, std::string_view lyrics) {
  std::string text = "# Caption\n";
  return text.append(caption).append("\n\n# Lyric\n").append(lyrics);
}

std::string song(std::string_view caption, std::string_view lyrics) {
  return caption_and_lyrics(caption, lyrics) + "\n";
}

// Behind the thinking the assistant's turn goes on after an empty line.
std::string open_turn(std::string prompt, std::string_view cot) {
  return prompt.append(cot).append("\n\n");
}

std::string_view unless_blank(std::string_view negative_prompt) {
  return is_blank(negative_prompt) ? std::string_view() : negative_prompt;
}

}  // namespace

bool is_meaningful_negative(std::string_view negative_prompt) {
  const std::string trimmed = strip(negative_prompt);
  return !trimmed.empty() && trimmed != kNoUserInput;
}

std::string cot_prompt(const LmPrompt& prompt) {
  return chat(kGenerate, song(prompt.caption, prompt.lyrics));
}

std::string cot_uncond_prompt(const LmPrompt& prompt) {
  if (is_meaningful_negative(prompt.negative_prompt)) {
    return chat(kGenerate, song(prompt.negative_prompt, prompt.lyrics));
  }
  return chat(kGenerate, "# Lyric\n" + std::string(prompt.lyrics) + "\n");
}

std::string codes_prompt(const LmPrompt& prompt, std::string_view cot) {
  return open_turn(cot_prompt(prompt), cot);
}

std::string codes_uncond_prompt(const LmPrompt& prompt) {
  const bool is_given = is_meaningful_negative(prompt.negative_prompt);
  return open_turn(chat(kGenerate, is_given ? prompt.negative_prompt : kNoUserInput), kEmptyCot);
}

std::string codes_uncond_legacy_prompt(const LmPrompt& prompt) {
  const bool is_given = is_meaningful_negative(prompt.negative_prompt);
  const std::string_view caption = is_given ? prompt.negative_prompt : prompt.caption;
  return open_turn(chat(kGenerate, song(caption, prompt.lyrics)), kEmptyCot);
}

std::string caption_only_prompt(const LmPrompt& prompt) { return chat(kGenerate, prompt.caption); }

std::string uncond_prompt(const LmPrompt& prompt, LmPhase phase, LmBatch batch) {
  const bool is_codes_form = phase == LmPhase::kCodes || batch == LmBatch::kBatch;
  return is_codes_form ? codes_uncond_prompt(prompt) : cot_uncond_prompt(prompt);
}

std::string understand_prompt(std::string_view audio_codes) {
  return chat(kUnderstand, audio_codes);
}

std::string inspire_prompt(std::string_view query, Vocals vocals) {
  const bool is_instrumental = vocals == Vocals::kInstrumental;
  return chat(kInspire,
              std::string(query) + "\n\ninstrumental: " + (is_instrumental ? "true" : "false"));
}

std::string format_prompt(std::string_view caption, std::string_view lyrics) {
  return chat(kFormat, caption_and_lyrics(caption, lyrics));
}

std::string understand_uncond_prompt(std::string_view negative_prompt) {
  return chat(kUnderstand, unless_blank(negative_prompt));
}

std::string inspire_uncond_prompt(std::string_view negative_prompt) {
  return chat(kInspire, unless_blank(negative_prompt));
}

std::string format_uncond_prompt(std::string_view negative_prompt) {
  return chat(kFormat, unless_blank(negative_prompt));
}

}  // namespace acestep::text
