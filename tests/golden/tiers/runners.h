// The runners of the tier tables: calls of the reference, compared with our plan. Where the two
// differ by decision (docs/PARITY.md, "Tiers") the runner asserts our side.
#pragma once

#include "golden/case.h"

namespace acestep::golden {

// The table and its lookup.
void run_tiers(const Case& the_case, Check& check);
void run_tier_by_name(const Case& the_case, Check& check);
void run_tier_constants(const Case& the_case, Check& check);

// Devices and their memory.
void run_detect_memory(const Case& the_case, Check& check);
void run_device_resolution(const Case& the_case, Check& check);
void run_effective_free(const Case& the_case, Check& check);

// Lengths and batches.
void run_limits(const Case& the_case, Check& check);
void run_duration_clamp(const Case& the_case, Check& check);
void run_lm_max_new_tokens(const Case& the_case, Check& check);

// Language models.
void run_lm_models(const Case& the_case, Check& check);
void run_lm_backend(const Case& the_case, Check& check);
void run_lm_backend_rules(const Case& the_case, Check& check);
void run_lm_init(const Case& the_case, Check& check);

// Number formats.
void run_dtype_attention(const Case& the_case, Check& check);
void run_quantization(const Case& the_case, Check& check);

// Estimates of memory.
void run_vram_estimate(const Case& the_case, Check& check);

// What the reference's programs start with.
void run_ui_defaults(const Case& the_case, Check& check);
void run_startup_ui(const Case& the_case, Check& check);
void run_startup_cli_api(const Case& the_case, Check& check);

// The tool that tries every size.
void run_tier_test(const Case& the_case, Check& check);

// Decoding and encoding in tiles.
void run_vae_chunk_auto(const Case& the_case, Check& check);
void run_vae_policy(const Case& the_case, Check& check);  // of the set acoustic
void run_vae_on_cpu(const Case& the_case, Check& check);
void run_vae_decode_plan(const Case& the_case, Check& check);
void run_vae_encode_plan(const Case& the_case, Check& check);

// When models leave the card, and what is done when its memory runs out.
void run_offload_moves(const Case& the_case, Check& check);
void run_vae_decode_fallback(const Case& the_case, Check& check);

}  // namespace acestep::golden
