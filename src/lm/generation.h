// One pass of the language model: from a prompt to the text behind it.
#pragma once

#include <ATen/core/Generator.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lm/decoder.h"
#include "lm/metadata_grammar.h"
#include "lm/sampler.h"
#include "lm/token_tables.h"

namespace acestep::lm {

struct PassRequest {
  std::string prompt;
  std::string unconditional_prompt;  // read only when cfg_scale > 1
  double cfg_scale = 1.0;            // guidance: u + s·(c - u); 1 off
  SamplingOptions sampling;
  std::optional<GrammarOptions> grammar;  // absent: unconstrained text
  int64_t max_new_tokens = 0;
};

struct PassResult {
  std::vector<int64_t> prompt_ids;         // with the padding that guidance needs
  std::vector<int64_t> unconditional_ids;  // empty without guidance
  int64_t prompt_padding = 0;              // padding ids at the start of prompt_ids
  int64_t unconditional_padding = 0;
  std::vector<int64_t> new_ids;  // with the end of turn, if it came
  std::string text;              // of new_ids, special tokens kept
  GrammarState end_state;
  double seconds = 0.0;             // of the whole pass
  double prompt_seconds = 0.0;      // until the prompt was read
  double constraint_seconds = 0.0;  // of them spent in the grammar
};

// Called after every token with the number of tokens so far; may throw to stop the pass.
using TokenObserver = std::function<void(int64_t tokens_done, int64_t tokens_max)>;

// What a pass runs on. All references must outlive the calls.
struct LanguageModel {
  Decoder& decoder;
  const TokenTables& tables;
};

// Runs until the end of turn, the padding token or max_new_tokens. Draws from `generator` exactly
// once per token when the temperature is above 0. Throws Error kRejected naming the token when the
// logits are not finite.
PassResult run_pass(const LanguageModel& model, const PassRequest& request, at::Generator generator,
                    const TokenObserver& observer = {});

}  // namespace acestep::lm
