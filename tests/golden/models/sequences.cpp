#include <ATen/ATen.h>

#include "golden/models/runners.h"
#include "models/dit_config.h"
#include "models/sequence_packing.h"
#include "nn/attention_pattern.h"
#include "nn/rotary.h"

namespace acestep::golden {

void run_rope(const Case& the_case, Check& check) {
  const at::Tensor& q = the_case.tensor("in.q");
  const at::Tensor positions = the_case.tensor("in.position_ids").select(0, 0);
  const double theta = the_case.entry.value("params", nlohmann::json::object())
                           .value("rope_theta", models::DitConfig{}.rope_theta);
  const at::Tensor frequencies = nn::rotary_frequencies(q.size(-1), theta, at::kCPU);
  check.tensor("mid.inv_freq", frequencies);
  const nn::RotaryTable table = nn::make_rotary_table(positions, frequencies);
  check.tensor("out.cos", table.cos.unsqueeze(0));
  check.tensor("out.sin", table.sin.unsqueeze(0));
  check.tensor("out.q_rotated", nn::rotate(q, table));

  const at::Tensor rounded = frequencies.to(at::kBFloat16).to(at::kFloat);
  check.tensor("out.inv_freq_bf16_rounded", rounded);
  const nn::RotaryTable rounded_table = nn::make_rotary_table(positions, rounded);
  check.tensor("out.cos_bf16_freq", rounded_table.cos.unsqueeze(0));
  check.tensor("out.sin_bf16_freq", rounded_table.sin.unsqueeze(0));
}

void run_masks_packing(const Case& the_case, Check& check) {
  const at::Tensor key_mask = the_case.tensor("in.attention_mask").to(at::kBool);
  const int64_t length = key_mask.size(1);
  const int64_t window = the_case.entry.at("params").at("sliding_window");
  check.tensor("out.full_visible",
               nn::visible_pairs(length, {.window = {}, .key_mask = key_mask}, at::kCPU));
  check.tensor("out.sliding_visible",
               nn::visible_pairs(length, {.window = window, .key_mask = key_mask}, at::kCPU));

  const models::PackedSequence packed =
      models::pack_sequences(the_case.tensor("in.hidden1"), the_case.tensor("in.mask1"),
                             the_case.tensor("in.hidden2"), the_case.tensor("in.mask2"));
  check.tensor("out.packed", packed.states);
  check.tensor("out.packed_mask", packed.mask);
}

}  // namespace acestep::golden
