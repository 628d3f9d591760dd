// Short ways for tests to read a request text as the program does.
#pragma once

#include <string>

#include "request/document.h"
#include "request/layer.h"
#include "request/presets.h"
#include "request/validate.h"

namespace acestep::request::testing {

struct Checked {
  Gathered gathered;
  Findings findings;
  std::vector<std::string> unknown_keys;

  const Settings& settings() const { return gathered.settings; }
  std::string problems() const {
    std::string text;
    for (const std::string& problem : findings.problems) text += problem + "\n";
    return text;
  }
};

// Lowest precedence first; the n-th text is called "<n>.json".
inline Checked check_all(const std::vector<std::string>& texts,
                         ModelFamily family = ModelFamily::kTurbo) {
  Checked checked;
  std::vector<Layer> layers;
  for (size_t i = 0; i < texts.size(); ++i) {
    const Document document = read_request(texts[i], std::to_string(i + 1) + ".json");
    FileLayer file = read_layer(document, checked.findings);
    layers.push_back(file.layer);
    for (auto& key : file.unknown_keys) checked.unknown_keys.push_back(key);
  }
  checked.gathered = gather(layers, checked.findings);
  normalise(checked.gathered, checked.findings);
  apply_preset(checked.gathered, family, checked.findings);
  resolve_seed_fields(checked.gathered, checked.findings);
  validate(checked.gathered, family, checked.findings);
  return checked;
}

inline Checked check(const std::string& text) { return check_all({text}); }

}  // namespace acestep::request::testing
