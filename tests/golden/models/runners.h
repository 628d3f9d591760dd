// The kinds of golden data about single modules of the diffusion model.
#pragma once

#include "golden/case.h"

namespace acestep::golden {

void run_condition_encoder(const Case& the_case, Check& check);
void run_audio_tokenizer(const Case& the_case, Check& check);
void run_codes_to_latents(const Case& the_case, Check& check);
void run_dit_forward(const Case& the_case, Check& check);
void run_time_features(const Case& the_case, Check& check);
void run_rope(const Case& the_case, Check& check);
void run_masks_packing(const Case& the_case, Check& check);
void run_int8_weight_only(const Case& the_case, Check& check);
void run_w8a8_dynamic(const Case& the_case, Check& check);
void run_quantization_under_compile(const Case& the_case, Check& check);

}  // namespace acestep::golden
