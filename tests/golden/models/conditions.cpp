#include <ATen/ATen.h>

#include "golden/models/checkpoint.h"
#include "golden/models/runners.h"
#include "models/audio_codes.h"
#include "models/audio_detokenizer.h"
#include "models/audio_tokenizer.h"
#include "models/condition_encoder.h"

namespace acestep::golden {
namespace {

// Compares every traced tensor that the case stores as mid.<name>. Some stored ones hold only the
// first positions (dimension 1).
void compare_trace(const Case& the_case, Check& check, const nn::Trace& trace) {
  for (const auto& [name, actual] : trace) {
    const std::string stored = "mid." + name;
    if (!the_case.has(stored)) continue;
    const int64_t positions = std::min(the_case.tensor(stored).size(1), actual.size(1));
    check.tensor(stored, actual.narrow(1, 0, positions));
  }
}

at::Tensor as_tensor(const std::vector<int64_t>& codes) { return at::tensor(codes, at::kLong); }

}  // namespace

void run_condition_encoder(const Case& the_case, Check& check) {
  const auto encoder =
      load_part<models::ConditionEncoder>(open_checkpoint(the_case), models::dit_part::kEncoder);
  nn::Trace trace;
  const models::PackedCondition packed =
      encoder(the_case.tensor("in.text_hidden_states"), the_case.tensor("in.text_attention_mask"),
              the_case.tensor("in.lyric_hidden_states"), the_case.tensor("in.lyric_attention_mask"),
              the_case.tensor("in.refer_audio_acoustic_hidden_states_packed"),
              the_case.tensor("in.refer_audio_order_mask"), &trace);
  compare_trace(the_case, check, trace);
  check.tensor("out.encoder_hidden_states", packed.states);
  check.tensor("out.encoder_attention_mask", packed.mask);
}

void run_audio_tokenizer(const Case& the_case, Check& check) {
  const DitCheckpoint checkpoint = open_checkpoint(the_case);
  const auto tokenizer =
      load_part<models::AudioTokenizer>(checkpoint, models::dit_part::kTokenizer);
  const auto detokenizer =
      load_part<models::AudioDetokenizer>(checkpoint, models::dit_part::kDetokenizer);
  nn::Trace trace;
  const models::AudioTokenizer::Result coded =
      tokenizer(the_case.tensor("in.latents"), the_case.tensor("in.silence_latent"),
                the_case.tensor("in.attention_mask"), &trace);
  compare_trace(the_case, check, trace);
  check.tensor("out.quantized", coded.quantized);
  check.tensor("out.indices", coded.indices);
  check.tensor("out.mask", coded.mask);
  check.tensor("out.detokenized", detokenizer(coded.quantized));
  check.tensor("out.quantized_from_indices",
               tokenizer.quantizer().quantized_from_indices(the_case.tensor("out.indices")));
}

void run_codes_to_latents(const Case& the_case, Check& check) {
  const DitCheckpoint checkpoint = open_checkpoint(the_case);
  const auto tokenizer =
      load_part<models::AudioTokenizer>(checkpoint, models::dit_part::kTokenizer);
  const auto detokenizer =
      load_part<models::AudioDetokenizer>(checkpoint, models::dit_part::kDetokenizer);
  const int64_t entries = checkpoint.config.codebook_entries();

  const at::Tensor given = the_case.tensor("in.codes").contiguous();
  const std::vector<int64_t> codes(given.const_data_ptr<int64_t>(),
                                   given.const_data_ptr<int64_t>() + given.numel());
  check.tensor("out.clamped_codes", as_tensor(models::clamp_audio_codes(codes, entries)));
  const std::string text = the_case.entry.at("params").at("code_string");
  const at::Tensor parsed =
      as_tensor(models::clamp_audio_codes(models::parse_audio_codes(text), entries));
  check.tensor("codes of the string", parsed, the_case.tensor("out.clamped_codes"), 0.0);

  const at::Tensor indices = parsed.view({1, -1, 1});
  const at::Tensor quantized = tokenizer.quantizer().quantized_from_indices(indices);
  check.tensor("out.level_values", tokenizer.quantizer().values_from_indices(indices));
  check.tensor("out.quantized", quantized);
  check.tensor("out.latents_25hz", detokenizer(quantized));
}

}  // namespace acestep::golden
