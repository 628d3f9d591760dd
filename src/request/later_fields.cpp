#include "request/field_lists.h"

namespace acestep::request {
namespace {

// A key without a place in Settings: `harmless` is the only value that can be granted.
Field later_key(std::string name, FieldType type, Value harmless,
                std::vector<std::string> aliases = {}) {
  return {.name = std::move(name),
          .type = type,
          .aliases = std::move(aliases),
          .support = FieldSupport::kLater,
          .later_default = std::move(harmless)};
}

Field ignored(std::string name, FieldType type, Value usual = Unset{}) {
  return {.name = std::move(name),
          .type = type,
          .accepts_number = true,
          .support = FieldSupport::kIgnored,
          .later_default = std::move(usual)};
}

constexpr auto kBool = FieldType::kBool;
constexpr auto kInteger = FieldType::kInteger;
constexpr auto kReal = FieldType::kReal;
constexpr auto kText = FieldType::kText;

}  // namespace

std::vector<Field> later_fields() {
  std::vector<Field> fields = {
      later_key("ref_latents", kText, Unset{}),
      later_key("repaint_source_latents_file", kText, Unset{}),
      later_key("instruction_file", kText, Unset{}),
  };
  return fields;
}

std::vector<Field> ignored_fields() {
  return {
      // Meaningful only for tasks that are refused above.
      // Speed and memory only.
      ignored("use_flash_attention", kBool, false),
      ignored("allow_lm_batch", kBool, false),
      ignored("lm_batch_chunk_size", kInteger, int64_t{8}),
      ignored("constrained_decoding_debug", kBool, false),
      // Written by the reference, never read as a request.
      ignored("prompt", kText),
      ignored("cot_bpm", kInteger),
      ignored("cot_keyscale", kText),
      ignored("cot_timesignature", kText),
      ignored("cot_duration", kReal),
      ignored("cot_vocal_language", kText, std::string("unknown")),
      ignored("cot_caption", kText),
      ignored("cot_lyrics", kText),
  };
}

}  // namespace acestep::request
