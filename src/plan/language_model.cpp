#include "plan/language_model.h"

#include <algorithm>

namespace acestep::plan {
namespace {

constexpr std::array<LmSize, 3> kSizes = {LmSize::k0_6B, LmSize::k1_7B, LmSize::k4B};

std::optional<LmSize> named_size(std::string_view name) {
  for (const LmSize size : kSizes) {
    if (name.find(size_name(size)) != std::string_view::npos) return size;
  }
  return std::nullopt;
}

}  // namespace

std::string_view size_name(LmSize size) {
  switch (size) {
    case LmSize::k0_6B:
      return "0.6B";
    case LmSize::k1_7B:
      return "1.7B";
    case LmSize::k4B:
      return "4B";
  }
  return "";
}

std::string lm_name(LmSize size) { return "acestep-5Hz-lm-" + std::string(size_name(size)); }

LmSize lm_size_of(std::string_view name) { return named_size(name).value_or(LmSize::k0_6B); }

std::optional<std::string> best_lm_on_disk(const std::string& wanted,
                                           const std::vector<std::string>& on_disk) {
  if (on_disk.empty()) return std::nullopt;
  if (wanted.empty()) return on_disk.front();
  if (std::find(on_disk.begin(), on_disk.end(), wanted) != on_disk.end()) return wanted;
  const LmSize size = lm_size_of(wanted);
  const std::string* best = nullptr;
  for (const std::string& name : on_disk) {
    if (lm_size_of(name) != size) continue;
    if (best == nullptr || name.size() > best->size()) best = &name;
  }
  return best != nullptr ? *best : on_disk.front();
}

std::vector<std::string> allowed_lms(const Tier& tier, const std::vector<std::string>& on_disk) {
  std::vector<std::string> allowed;
  for (const std::string& name : on_disk) {
    if (tier.allows(lm_size_of(name))) allowed.push_back(name);
  }
  return allowed;
}

}  // namespace acestep::plan
