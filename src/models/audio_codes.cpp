#include "models/audio_codes.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>

#include "util/error.h"

namespace acestep::models {

std::vector<int64_t> parse_audio_codes(std::string_view text) {
  constexpr std::string_view kOpen = "<|audio_code_";
  constexpr std::string_view kClose = "|>";
  std::vector<int64_t> codes;
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos; at = text.find(kOpen, at)) {
    at += kOpen.size();
    const std::string_view rest = text.substr(at);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (digits == 0 || !rest.substr(digits).starts_with(kClose)) continue;
    int64_t code = 0;
    const auto parsed = std::from_chars(rest.data(), rest.data() + digits, code);
    const bool is_too_large = parsed.ec == std::errc::result_out_of_range;
    codes.push_back(is_too_large ? std::numeric_limits<int64_t>::max() : code);
  }
  return codes;
}

std::vector<int64_t> clamp_audio_codes(std::vector<int64_t> codes, int64_t codebook_entries) {
  ACE_CHECK(codebook_entries > 0);
  for (int64_t& code : codes) code = std::clamp<int64_t>(code, 0, codebook_entries - 1);
  return codes;
}

std::string print_audio_codes(const std::vector<int64_t>& codes) {
  std::string text;
  for (const int64_t code : codes) text += "<|audio_code_" + std::to_string(code) + "|>";
  return text;
}

}  // namespace acestep::models
