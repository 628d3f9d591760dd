#include "cli/adapter_choices.h"

#include "adapters/adapter_files.h"
#include "request/adapter_text.h"

namespace acestep::cli {

namespace fs = std::filesystem;

fs::path adapter_folder(const request::Settings& settings) {
  const fs::path root = settings.project_root.empty() ? "." : settings.project_root;
  const fs::path folder = settings.adapter_dir.empty() ? "adapters" : settings.adapter_dir;
  return (root / folder).lexically_normal();
}

std::vector<adapters::AdapterChoice> chosen_adapters(const request::Settings& settings) {
  std::vector<adapters::AdapterChoice> choices;
  for (const std::string& text : settings.lora) {
    const request::AdapterText adapter = request::parse_adapter(text);
    const double scale = adapter.scale.value_or(settings.lora_scale.value_or(1.0));
    choices.push_back({adapters::find_adapter(adapter.path, adapter_folder(settings)), scale});
  }
  return choices;
}

}  // namespace acestep::cli
