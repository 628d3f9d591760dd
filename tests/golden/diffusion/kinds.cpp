#include "golden/diffusion/runners.h"

namespace acestep::golden {

void add_diffusion_kinds(KindTable& table);

void add_diffusion_kinds(KindTable& table) {
  table["acoustic/schedules"] = run_schedules;
  table["acoustic/prepare_noise"] = run_prepare_noise;
  table["acoustic/dcw"] = run_dcw;
  table["acoustic/apg"] = run_apg;
  table["acoustic/adg"] = run_adg;
  table["acoustic/masks"] = run_masks;
  table["acoustic/padding"] = run_padding;
  table["acoustic/scalar_logic"] = run_scalar_logic;
  table["acoustic/generate_audio"] = run_generate_audio;
  table["acoustic/flow_edit"] = run_flow_edit;
  table["acoustic/end_to_end"] = run_end_to_end;
}

}  // namespace acestep::golden
