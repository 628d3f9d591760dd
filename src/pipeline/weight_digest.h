// Tells models of one name apart without reading all of their gigabytes.
#pragma once

#include <filesystem>
#include <string>

namespace acestep::pipeline {

// 16 hexadecimal digits of the SHA-256 of the folder's weight files (.safetensors, .pt): their
// names and sizes, their first megabyte, which is a safetensors file's table, and 32 samples spread
// over the rest. The same for every copy of a model; another training, precision or layout gives
// another one, while a single changed byte may stay unseen (`models verify --hash` reads them all).
// Throws Error kModel for files that cannot be read.
std::string weight_digest(const std::filesystem::path& folder);

}  // namespace acestep::pipeline
