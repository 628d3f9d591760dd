// Composing: from caption and lyrics to metadata and audio codes, in two passes of the language
// model.
#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lm/generation.h"
#include "text/lm_budget.h"
#include "text/metadata.h"

namespace acestep::lm {

enum class ComposeGoal { kMetadata, kMetadataAndCodes };

struct ComposeRequest {
  std::string caption;
  std::string lyrics;
  ComposeGoal goal = ComposeGoal::kMetadataAndCodes;
  // What the user fixed: bpm, keyscale, timesignature, duration. Written as given in phase 1; all
  // four present: phase 1 does not run.
  text::Metadata given;
  std::optional<double> target_seconds;  // song length; missing or <= 0: phase 1 decides
  bool use_cot_metas = true;             // false: phase 1 does not run
  bool use_cot_caption = true;           // phase 1 writes a caption, which replaces the user's
  bool use_cot_language = true;          // phase 1 writes the language
  bool use_constrained_decoding = true;
  SamplingOptions sampling;
  double cfg_scale = 2.0;  // phase 2 only; <= 1 off
  std::string negative_prompt = std::string(text::kNoUserInput);
  text::LmLimits limits;
  Compat compat = Compat::kFixed;
};

struct ComposePass {
  PassRequest request;
  PassResult result;
};

struct Composition {
  text::Metadata metadata;              // the keys the song's prompt can use
  std::optional<std::string> caption;   // replaces the user's, if phase 1 wrote one and was asked
  std::optional<std::string> language;  // the same for the language; never with kReference
  std::vector<int64_t> audio_codes;     // 0 … 63999, five per second; empty for kMetadata
  std::string audio_codes_text;         // the same as "<|audio_code_N|>…"
  std::vector<ComposePass> passes;      // in the order they ran
};

struct ComposeProgress {
  Phase phase;  // kCot: metadata; kCodes: audio codes
  int64_t tokens_done;
  int64_t tokens_max;  // codes that will come, or the most tokens that metadata may take
};

// Called after every token; may throw to stop.
using ComposeObserver = std::function<void(const ComposeProgress&)>;

// The pass that compose() runs first, known before any model is there; absent: none is needed.
std::optional<PassRequest> first_pass(const ComposeRequest& request);

// One song. Both passes draw from `generator` in turn. Throws Error kUsage for given values outside
// their ranges (kFixed), or without metadata and without phase 1 (kReference: the reference fails
// there); kRejected when the model writes nothing, or chooses a duration outside 10 … 600 s
// (kFixed).
Composition compose(const LanguageModel& model, const ComposeRequest& request,
                    at::Generator generator, const ComposeObserver& observer = {});

// A batch as the reference composes it: groups of eight; in each one chain-of-thought from the
// global generator, which is then set to seeds[i] before the codes of song i. A group of one song
// is not seeded. The first group's metadata serves all songs; the passes of a chain-of-thought
// stand with the first song of its group.
std::vector<Composition> compose_reference_batch(const LanguageModel& model,
                                                 const ComposeRequest& request,
                                                 at::Generator global_generator,
                                                 const std::vector<uint64_t>& seeds,
                                                 const ComposeObserver& observer = {});

}  // namespace acestep::lm
