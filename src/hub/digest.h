// The two digests hubs know files by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "util/stop_token.h"

namespace acestep::hub {

// 64 lower-case hexadecimal digits. on_bytes, if set, is told how many bytes were read so far.
// Throws Error kOutput naming the path when it cannot be read, and the stop's Error.
std::string file_sha256(const std::filesystem::path& file, const util::StopToken& stop,
                        const std::function<void(uint64_t)>& on_bytes = {});

// 40 digits: git's name for the content, what Hugging Face knows small files by. The whole content
// is mapped. Errors as above.
std::string file_git_blob(const std::filesystem::path& file);

// Hexadecimal digits in lower case, this many.
bool is_digest(std::string_view text, size_t digits);

}  // namespace acestep::hub
