// The two texts that the DiT is conditioned on: caption with metadata, and lyrics.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "text/metadata.h"

namespace acestep::text {

// --- Metadata. Nothing given reads "N/A", a duration 30 seconds.

// What the request knows of a song.
struct DitMetas {
  MetadataValue bpm;               // a number or a text; null, 0 and "" are not given
  std::string keyscale;            // blank: not given
  std::string timesignature;       // blank or "N/A": not given
  std::optional<double> duration;  // seconds, written without decimals
};
Metadata dit_metadata(const DitMetas& metas);

// "- bpm: …\n- timesignature: …\n- keyscale: …\n- duration: …\n". Other names of the keys are
// known: tempo, time_signature, key, scale, length.
std::string format_metas(const Metadata& metadata);

// Metadata, or a block that is already formatted and stays as it is, or nothing.
using MetasInput = std::variant<std::monostate, std::string, Metadata>;
std::string format_metas(const MetasInput& metas);

// --- Texts.

// The instruction with the colon that every one ends with.
std::string format_instruction(std::string_view instruction);

// "# Instruction … # Caption … # Metas …<|endoftext|>\n" (the line break behind the mark belongs to
// it).
std::string format_text_prompt(std::string_view instruction, std::string_view caption,
                               std::string_view metas);

// "# Languages … # Lyric\n": what comes before the lyrics.
std::string lyrics_header(std::string_view language);
// "# Languages … # Lyric …<|endoftext|>".
std::string format_lyrics(std::string_view lyrics, std::string_view language);

struct DitPrompt {
  std::string text;
  std::string lyrics;
};

struct DitPromptParts {
  std::string_view instruction;  // empty: that of text2music
  std::string_view caption;
  std::string_view lyrics;
  std::string_view language = "en";
  MetasInput metas;  // a caption and a language inside win over the two above
};
DitPrompt dit_prompt(const DitPromptParts& parts);

// The caption of a text prompt, when `caption` is one; else `caption`.
std::string caption_of_text_prompt(std::string_view caption);

// --- Checkpoints with is_lego_sft: captions say what surrounds the track.
enum class MaskControl { kAuto, kExplicit };
struct LegoCaption {
  std::string_view instruction;  // one about "a segment" has no description of the whole song
  std::string_view local;        // the track
  std::string_view global;       // the whole song
  MaskControl mask = MaskControl::kAuto;
};
std::string format_lego_caption(const LegoCaption& caption);

}  // namespace acestep::text
