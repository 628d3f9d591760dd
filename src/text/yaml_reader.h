// Reads back one YAML scalar: takes off quotes, escapes and folding.
#pragma once

#include <string>
#include <vector>

namespace acestep::text {

// lines: what stands behind "key:" and the lines that continue it. The result keeps single line
// breaks as spaces and doubled ones as "\n"; plain text is returned stripped, as it stands. A text
// that opens a quote and does not close it is plain.
std::string read_yaml_text(const std::vector<std::string>& lines);

}  // namespace acestep::text
