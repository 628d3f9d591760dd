// Describing audio codes, making up a song from a wish, and rewriting a caption with its lyrics.
#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>
#include <string>

#include "lm/composer.h"
#include "text/metadata.h"

namespace acestep::lm {

struct SampleOptions {
  SamplingOptions sampling;  // no guidance in these flows
  bool use_constrained_decoding = true;
  text::LmLimits limits;
  Compat compat = Compat::kFixed;
};

// The most tokens that any of the three may write.
int64_t most_sample_tokens(const text::LmLimits& limits);

// What the model wrote: its metadata, with "lyrics" and, from a wish, "instrumental".
struct Sample {
  text::Metadata metadata;
  ComposePass pass;
};

// audio_codes: "<|audio_code_N|>…"; blank: Error kUsage.
Sample understand(const LanguageModel& model, const std::string& audio_codes,
                  const SampleOptions& options, at::Generator generator,
                  const ComposeObserver& observer = {});

struct Wish {
  std::string query = {};  // blank: NO USER INPUT
  bool is_instrumental = false;
  std::string language = {};  // blank or "unknown": the model chooses
};
Sample create_sample(const LanguageModel& model, const Wish& wish, const SampleOptions& options,
                     at::Generator generator, const ComposeObserver& observer = {});

struct Draft {
  std::string caption = {};   // blank: NO USER INPUT
  std::string lyrics = {};    // blank: [Instrumental]
  text::Metadata given = {};  // bpm, duration, keyscale, timesignature, language
};
// A given language is written by nobody: it does not come back.
Sample format_sample(const LanguageModel& model, const Draft& draft, const SampleOptions& options,
                     at::Generator generator, const ComposeObserver& observer = {});

}  // namespace acestep::lm
