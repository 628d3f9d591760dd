#include <map>
#include <stdexcept>
#include <string>

#include "golden/text/runners.h"
#include "golden/text/tokenizer_set.h"
#include "text/lm_prompt.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

// The arguments of one prompt; the strings outlive the prompt that refers to them.
class Arguments {
 public:
  explicit Arguments(const json& args) : args_(args) {}

  std::string string(const char* name) const {
    return args_.contains(name) ? args_.at(name).get<std::string>() : std::string();
  }
  bool is_true(const char* name) const { return args_.value(name, false); }

 private:
  const json& args_;
};

text::LmPhase phase_named(const std::string& name) {
  if (name == "cot") return text::LmPhase::kCot;
  if (name == "codes") return text::LmPhase::kCodes;
  if (name == "understand") return text::LmPhase::kUnderstand;
  throw std::runtime_error("unknown phase " + name);
}

std::string song_prompt(const std::string& kind, const Arguments& args) {
  const std::string caption = args.string("caption");
  const std::string lyrics = args.string("lyrics");
  const std::string negative = args.string("negative_prompt");
  const text::LmPrompt prompt{caption, lyrics, negative};
  if (kind == "cot") return text::cot_prompt(prompt);
  if (kind == "codes" || kind == "codes_legacy") {
    return text::codes_prompt(prompt, args.string("cot_text"));
  }
  if (kind == "codes_uncond") return text::codes_uncond_prompt(prompt);
  if (kind == "codes_uncond_legacy") return text::codes_uncond_legacy_prompt(prompt);
  const text::LmPhase phase = phase_named(args.string("generation_phase"));
  if (kind == "cot_uncond") {
    const bool is_codes = phase == text::LmPhase::kCodes;
    return is_codes ? text::caption_only_prompt(prompt) : text::cot_uncond_prompt(prompt);
  }
  if (kind == "choose_uncond") {
    const bool is_batch = args.is_true("is_batch");
    return text::uncond_prompt(prompt, phase,
                               is_batch ? text::LmBatch::kBatch : text::LmBatch::kSingle);
  }
  throw std::runtime_error("unknown kind of prompt: " + kind);
}

std::string build_prompt(const std::string& kind, const Arguments& args) {
  const std::string negative = args.string("negative_prompt");
  if (kind == "understand") return text::understand_prompt(args.string("audio_codes"));
  if (kind == "understand_uncond") return text::understand_uncond_prompt(negative);
  if (kind == "inspire_uncond") return text::inspire_uncond_prompt(negative);
  if (kind == "format_uncond") return text::format_uncond_prompt(negative);
  if (kind == "format") return text::format_prompt(args.string("caption"), args.string("lyrics"));
  if (kind == "inspire") {
    const bool is_instrumental = args.is_true("instrumental");
    return text::inspire_prompt(
        args.string("query"), is_instrumental ? text::Vocals::kInstrumental : text::Vocals::kSung);
  }
  return song_prompt(kind, args);
}

}  // namespace

void run_prompts(const Case& the_case, Check& check) {
  const text::Tokenizer tokenizer = open_tokenizer(the_case, "tokenizer");
  std::map<std::string, int64_t> numbers;
  for (const json& entry : the_case.data) {
    const std::string kind = entry.at("kind");
    const std::string label = kind + " " + std::to_string(numbers[kind]++);
    const std::string prompt = build_prompt(kind, Arguments(entry.at("args")));
    check.equal(label, prompt, entry.at("text"));
    check_ids(label, tokenizer.encode(prompt), entry, check);
    check.count();
  }
}

}  // namespace acestep::golden
