// Writes metadata as PyYAML's default block mapping, byte for byte.
#pragma once

#include <string>

#include "text/metadata.h"

namespace acestep::text {

// "key: value\n" lines in key order: folded after column 80, continued with two spaces, quoted and
// escaped only where a reader would misunderstand plain text. Values: UTF-8; null is written too.
std::string write_yaml(const Metadata& metadata);

}  // namespace acestep::text
