#include "audio/id3_tag.h"

#include <cstdint>
#include <string>
#include <string_view>

#include "util/error.h"

namespace acestep::audio {
namespace {

constexpr std::size_t kMaxTagBytes = std::size_t{1} << 28;
constexpr char kUtf8 = 3;

// Four bytes of seven bits each, so that no byte looks like the start of an MPEG frame.
std::string synchsafe(std::size_t number) {
  ACE_CHECK(number < kMaxTagBytes);
  std::string bytes;
  for (const int shift : {21, 14, 7, 0}) bytes += static_cast<char>((number >> shift) & 0x7F);
  return bytes;
}

std::string frame(std::string_view name, const std::string& body) {
  const std::string no_flags(2, '\0');
  return std::string(name) + synchsafe(body.size()) + no_flags + body;
}

std::string text_frame(std::string_view name, const std::string& text) {
  return text.empty() ? std::string() : frame(name, kUtf8 + text);
}

// A comment also has a language, here unknown, and a description, here empty.
std::string comment_frame(const std::string& text) {
  if (text.empty()) return {};
  const std::string no_description(1, '\0');
  return frame("COMM", kUtf8 + ("XXX" + no_description + text));
}

}  // namespace

std::vector<std::byte> make_id3_tag(const Tags& tags) {
  const std::string frames = text_frame("TIT2", tags.title) + text_frame("TSSE", tags.software) +
                             comment_frame(tags.comment);
  if (frames.empty()) return {};
  const std::string version_and_flags{'\4', '\0', '\0'};
  const std::string tag = "ID3" + version_and_flags + synchsafe(frames.size()) + frames;
  const auto* begin = reinterpret_cast<const std::byte*>(tag.data());
  return {begin, begin + tag.size()};
}

}  // namespace acestep::audio
