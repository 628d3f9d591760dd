#include <cmath>

#include "adapters/peft_config.h"
#include "fuzz/outcome.h"
#include "fuzz/targets.h"

namespace acestep::fuzz {

int fuzz_adapter_config(const uint8_t* bytes, size_t count) {
  return outcome(ErrorCode::kInput, [&] {
    const auto config = adapters::parse_peft_config(as_text(bytes, count), "file");
    for (const char* module : {"layers.0.self_attn.q_proj", "q_proj", ""}) {
      require(config.rank_of(module) > 0, "a rank below 1");
      require(std::isfinite(config.factor_of(module)), "a factor that is not finite");
    }
  });
}

}  // namespace acestep::fuzz
