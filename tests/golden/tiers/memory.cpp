#include <cmath>

#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "plan/language_model.h"
#include "plan/published_sizes.h"

namespace acestep::golden {

void run_vram_estimate(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    if (call.in.at("fn") == "dit_type") {
      const plan::DitKind kind = plan::dit_kind_of(text_or(call.in.at("path")));
      check.equal(call.id, kind_name(kind), call.out.at("dit_type"));
      return;
    }
    const std::string type = call.in.at("dit_type");
    const std::string lm = text_or(call.in.at("lm"));
    if (type == "unknown" || lm == "9B") return;  // every name is of some kind and size
    plan::WholeSong song = {.dit = plan::dit_kind_of(type),
                            .songs = call.in.at("batch").get<int64_t>(),
                            .seconds = call.in.at("duration").get<double>()};
    if (!lm.empty()) song.lm = plan::lm_size_of(lm);
    check.measured(call.id, std::abs(plan::resident_gib(song) - call.out.at("gb").get<double>()),
                   1e-9);
  });
}

}  // namespace acestep::golden
