#include <cmath>

#include "request/adapter_text.h"
#include "request/checker.h"
#include "request/text.h"

namespace acestep::request {
namespace {

// Beyond them adapters usually break the sound; nothing forbids it.
constexpr double kLeastScale = 0.0;
constexpr double kMostScale = 2.0;

void check_adapter(Checker& checker, const AdapterText& adapter) {
  if (adapter.path.empty()) return checker.problem("lora", "expected PATH or PATH:SCALE");
  const double scale = adapter.scale.value_or(checker.settings().lora_scale.value_or(1.0));
  if (!std::isfinite(scale)) {
    return checker.problem("lora", "the scale of " + in_quotes(adapter.path) + " is no number");
  }
  if (scale >= kLeastScale && scale <= kMostScale) return;
  checker.warn("lora = " + in_quotes(to_text(AdapterText{adapter.path, scale})) +
               ": scales outside 0 … 2 seldom sound well");
}

}  // namespace

void check_adapters(Checker& checker) {
  const Settings& settings = checker.settings();
  for (const std::string& text : settings.lora) check_adapter(checker, parse_adapter(text));
  if (settings.lora_scale && settings.lora.empty()) {
    checker.tell_useless("lora_scale", "it needs --lora");
  }
}

}  // namespace acestep::request
