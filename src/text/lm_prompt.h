// The chat prompts of the 5 Hz language model, exactly as it was trained on them.
#pragma once

#include <string>
#include <string_view>

namespace acestep::text {

// What stands for "nothing given" in the model's training.
inline constexpr std::string_view kNoUserInput = "NO USER INPUT";
// The chain of thought of an unconditional prompt.
inline constexpr std::string_view kEmptyCot = "<think>\n\n</think>";

// The parts of a song prompt; nothing is trimmed or escaped.
struct LmPrompt {
  std::string_view caption;
  std::string_view lyrics;
  std::string_view negative_prompt = kNoUserInput;
};

// Does `negative_prompt` say anything: neither blank nor, trimmed, NO USER INPUT itself?
bool is_meaningful_negative(std::string_view negative_prompt);

// --- Making a song. Phase 1 thinks up the metadata.
std::string cot_prompt(const LmPrompt& prompt);
// Phase 1 without the caption: the negative prompt in its place, or the lyrics alone.
std::string cot_uncond_prompt(const LmPrompt& prompt);

// Phase 2 writes audio codes behind `cot` ("<think>\n…\n</think>"); the turn stays open.
std::string codes_prompt(const LmPrompt& prompt, std::string_view cot);
// The other row of guidance: the negative prompt alone, or NO USER INPUT.
std::string codes_uncond_prompt(const LmPrompt& prompt);
// The reference's older form of it (use_legacy_cfg_prompt): caption and lyrics stay, the caption
// replaced by a meaningful negative prompt.
std::string codes_uncond_legacy_prompt(const LmPrompt& prompt);
// The reference's phase-less unconditional prompt of phase 2: the caption alone is the user's turn.
std::string caption_only_prompt(const LmPrompt& prompt);

enum class LmPhase { kCot, kCodes, kUnderstand };
enum class LmBatch { kSingle, kBatch };
// The unconditional prompt that the reference picks: phase 2's for codes and for batches, else
// phase 1's.
std::string uncond_prompt(const LmPrompt& prompt, LmPhase phase, LmBatch batch);

// --- Describing audio, making up a song from a wish, and rewriting a caption.
enum class Vocals { kSung, kInstrumental };
std::string understand_prompt(std::string_view audio_codes);
std::string inspire_prompt(std::string_view query, Vocals vocals);
std::string format_prompt(std::string_view caption, std::string_view lyrics);

// Their unconditional forms hold the negative prompt, or nothing when that is blank.
std::string understand_uncond_prompt(std::string_view negative_prompt);
std::string inspire_uncond_prompt(std::string_view negative_prompt);
std::string format_uncond_prompt(std::string_view negative_prompt);

}  // namespace acestep::text
