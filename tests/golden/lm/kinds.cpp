#include "golden/lm/kinds.h"

namespace acestep::golden {

void add_lm_kinds(KindTable& table) {
  table["acoustic/text_encoder"] = run_text_encoder;
  table["lm/logits"] = run_logits;
  table["lm/fsm_tables"] = run_fsm_tables;
  table["lm/fsm"] = run_fsm;
  table["lm/sampling"] = run_sampling;
  table["lm/scoring"] = run_scoring;
  table["lm/generate"] = run_generate;
}

}  // namespace acestep::golden
