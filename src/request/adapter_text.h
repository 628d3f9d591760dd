// An adapter as people type it: PATH or PATH:SCALE.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace acestep::request {

struct AdapterText {
  std::string path;             // of a file or folder, or a name in adapter_dir
  std::optional<double> scale;  // absent: lora_scale
};

// What stands behind the last colon is the scale if it is a number; else all of it is the path.
AdapterText parse_adapter(std::string_view text);

// "singer:0.8"
std::string to_text(const AdapterText& adapter);

}  // namespace acestep::request
