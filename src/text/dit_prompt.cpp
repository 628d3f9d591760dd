#include "text/dit_prompt.h"

#include <initializer_list>

#include "text/python_text.h"
#include "text/task.h"
#include "text/unicode_text.h"

namespace acestep::text {
namespace {

constexpr std::string_view kEndOfText = "<|endoftext|>";
constexpr std::string_view kDefaultDuration = "30 seconds";  // reference: metadata_utils.py

// The first of `keys` that is present, even as null; else "N/A".
MetadataValue first_of(const Metadata& metadata, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const auto found = metadata.find(key);
    if (found != metadata.end()) return found->second;
  }
  return std::string(kNotAvailable);
}

std::string seconds_text(double seconds) {
  return std::to_string(static_cast<int64_t>(seconds)) + " seconds";
}

std::string duration_text(const Metadata& metadata) {
  const char* key = metadata.count("duration") != 0 ? "duration" : "length";
  const MetadataValue& duration = value_of(metadata, key);
  if (const auto* text = std::get_if<std::string>(&duration)) return *text;
  if (const std::optional<int64_t> seconds = to_integer(duration)) {
    return std::to_string(*seconds) + " seconds";
  }
  return std::string(kDefaultDuration);
}

std::string line(std::string_view name, const std::string& value) {
  return "- " + std::string(name) + ": " + value + "\n";
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

Metadata dit_metadata(const DitMetas& metas) {
  const std::string none(kNotAvailable);
  Metadata metadata;
  metadata["bpm"] = is_filled(metas.bpm) ? metas.bpm : MetadataValue(none);
  metadata["keyscale"] = is_blank(metas.keyscale) ? none : metas.keyscale;
  metadata["timesignature"] = is_blank(metas.timesignature) ? none : metas.timesignature;
  if (metas.duration) metadata["duration"] = seconds_text(*metas.duration);
  return metadata;
}

std::string format_metas(const Metadata& metadata) {
  return line("bpm", to_text(first_of(metadata, {"bpm", "tempo"}))) +
         line("timesignature", to_text(first_of(metadata, {"timesignature", "time_signature"}))) +
         line("keyscale", to_text(first_of(metadata, {"keyscale", "key", "scale"}))) +
         line("duration", duration_text(metadata));
}

std::string format_metas(const MetasInput& metas) {
  if (const auto* text = std::get_if<std::string>(&metas)) return *text;
  const auto* metadata = std::get_if<Metadata>(&metas);
  return format_metas(metadata != nullptr ? *metadata : Metadata());
}

std::string format_instruction(std::string_view instruction) {
  const bool has_colon = !instruction.empty() && instruction.back() == ':';
  return std::string(instruction) + (has_colon ? "" : ":");
}

std::string format_text_prompt(std::string_view instruction, std::string_view caption,
                               std::string_view metas) {
  std::string text = "# Instruction\n";
  text.append(instruction).append("\n\n# Caption\n").append(caption);
  return text.append("\n\n# Metas\n").append(metas).append(kEndOfText).append("\n");
}

std::string lyrics_header(std::string_view language) {
  std::string text = "# Languages\n";
  return text.append(language).append("\n\n# Lyric\n");
}

std::string format_lyrics(std::string_view lyrics, std::string_view language) {
  return lyrics_header(language).append(lyrics).append(kEndOfText);
}

DitPrompt dit_prompt(const DitPromptParts& parts) {
  std::string caption(parts.caption);
  std::string language(parts.language);
  if (const auto* metadata = std::get_if<Metadata>(&parts.metas)) {
    const MetadataValue& own_caption = value_of(*metadata, "caption");
    const MetadataValue& own_language = value_of(*metadata, "language");
    if (is_filled(own_caption)) caption = to_text(own_caption);
    if (is_filled(own_language)) language = to_text(own_language);
  }
  const std::string_view instruction =
      parts.instruction.empty() ? default_instruction() : parts.instruction;
  return {format_text_prompt(format_instruction(instruction), caption, format_metas(parts.metas)),
          format_lyrics(parts.lyrics, language)};
}

std::string caption_of_text_prompt(std::string_view caption) {
  static const Pattern body("#\\s*Caption\\s*\\n(.*?)(?:\\n\\s*#\\s*Metas|$)");
  const bool is_text_prompt = contains(caption, "# Instruction") && contains(caption, "# Caption");
  if (!is_text_prompt) return std::string(caption);
  const std::optional<std::string> found = body.find(caption, 1);
  return found ? strip(*found) : std::string(caption);
}

std::string format_lego_caption(const LegoCaption& caption) {
  const bool is_segment = contains(to_lower(caption.instruction), "a segment");
  const bool is_auto = caption.mask == MaskControl::kAuto;
  std::string text;
  if (!is_segment) text.append("Global: ").append(caption.global).append("\n");
  text.append("Local: ").append(caption.local);
  return text.append("\nMask Control: ").append(is_auto ? "false" : "true");
}

}  // namespace acestep::text
