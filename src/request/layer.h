// Settings gathered from several places, the later and closer ones winning, each remembering where
// it came from.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request/document.h"
#include "request/field.h"
#include "request/findings.h"

namespace acestep::request {

struct Given {
  Value value;
  std::string source;  // "cli", "env:NAME", "env:NAME in FILE line N", "file:NAME"
};

// By field name. What one place says.
using Layer = std::map<std::string, Given>;

// Adds a typed text. A text that does not fit becomes a problem naming field, text and what is
// allowed.
void put_text(Layer& layer, const Field& field, std::string_view text, const std::string& source,
              Findings& findings);

// Unknown keys become warnings with the nearest name; read_layer's caller decides with
// Settings::strict_config whether unknown_keys are problems.
struct FileLayer {
  Layer layer;
  std::vector<std::string> unknown_keys;  // one message each
};
FileLayer read_layer(const Document& document, Findings& findings);

struct Origin {
  std::string source;
  int rank = 0;  // position among the layers; higher is closer to the user
};

struct Gathered {
  Settings settings;
  std::map<std::string, Origin> origins;  // of the fields that were given

  bool is_given(const std::string& field) const { return origins.contains(field); }
  // "default" for fields that nobody gave.
  std::string source_of(const std::string& field) const;
};

// Lowest precedence first. Values of fields without a place in Settings are checked only.
Gathered gather(const std::vector<Layer>& layers, Findings& findings);

}  // namespace acestep::request
