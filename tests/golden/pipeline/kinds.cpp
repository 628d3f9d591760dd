// The kinds of whole songs.
#include "golden/pipeline/runners.h"

namespace acestep::golden {

void add_pipeline_kinds(KindTable& table) {
  table["e2e/lm_calls"] = run_lm_calls;
  table["e2e/rng_check"] = run_rng_check;
  table["e2e/song"] = run_song;
}

}  // namespace acestep::golden
