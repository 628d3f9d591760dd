#include "golden/tiers/runners.h"

namespace acestep::golden {

void add_tiers_kinds(KindTable& table) {
  table["tiers/tiers"] = run_tiers;
  table["tiers/tier_by_name"] = run_tier_by_name;
  table["tiers/constants"] = run_tier_constants;
  table["tiers/detect_memory"] = run_detect_memory;
  table["tiers/device_resolution"] = run_device_resolution;
  table["tiers/effective_free"] = run_effective_free;
  table["tiers/limits"] = run_limits;
  table["tiers/duration_clamp_silent"] = run_duration_clamp;
  table["tiers/lm_max_new_tokens"] = run_lm_max_new_tokens;
  table["tiers/lm_models"] = run_lm_models;
  table["tiers/lm_backend"] = run_lm_backend;
  table["tiers/lm_backend_rules"] = run_lm_backend_rules;
  table["tiers/lm_init"] = run_lm_init;
  table["tiers/dtype_attention"] = run_dtype_attention;
  table["tiers/quantization"] = run_quantization;
  table["tiers/vram_estimate"] = run_vram_estimate;
  table["tiers/ui_defaults"] = run_ui_defaults;
  table["tiers/startup_ui"] = run_startup_ui;
  table["tiers/startup_cli_api"] = run_startup_cli_api;
  table["tiers/tier_test"] = run_tier_test;
  table["tiers/vae_chunk_auto"] = run_vae_chunk_auto;
  table["acoustic/vae_policy"] = run_vae_policy;
  table["tiers/vae_on_cpu_decision"] = run_vae_on_cpu;
  table["tiers/vae_decode_plan"] = run_vae_decode_plan;
  table["tiers/vae_decode_batch"] = run_vae_decode_plan;
  table["tiers/vae_encode_plan"] = run_vae_encode_plan;
  table["tiers/offload_moves"] = run_offload_moves;
  table["tiers/vae_decode_fallback"] = run_vae_decode_fallback;
}

}  // namespace acestep::golden
