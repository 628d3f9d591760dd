// Reads JSON and text files that strangers wrote: bounded, strict, with places in the messages.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace acestep::request {

inline constexpr uint64_t kMaxDocumentBytes = 10'000'000;
inline constexpr int kMaxJsonDepth = 32;

// Throws Error kInput when the file cannot be read or is longer than kMaxDocumentBytes.
std::string read_document(const std::filesystem::path& path);

// Standard input to its end. Throws Error kInput when it is longer than kMaxDocumentBytes.
std::string read_standard_input();

// `name` is what messages call the document. Throws Error kUsage for text that does not parse, bad
// UTF-8, a key given twice in one object, nesting deeper than kMaxJsonDepth.
nlohmann::json parse_json(std::string_view text, const std::string& name);

}  // namespace acestep::request
