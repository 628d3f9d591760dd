#include "golden/models/runners.h"

namespace acestep::golden {

void add_models_kinds(KindTable& table) {
  table["acoustic/condition_encoder"] = run_condition_encoder;
  table["acoustic/audio_tokenizer"] = run_audio_tokenizer;
  table["acoustic/codes_to_latents"] = run_codes_to_latents;
  table["acoustic/dit_forward"] = run_dit_forward;
  table["acoustic/time_features"] = run_time_features;
  table["acoustic/rope"] = run_rope;
  table["acoustic/masks_packing"] = run_masks_packing;
  table["tiers/int8_weight_only"] = run_int8_weight_only;
  table["tiers/w8a8_dynamic"] = run_w8a8_dynamic;
  table["tiers/quantization_under_compile"] = run_quantization_under_compile;
}

}  // namespace acestep::golden
