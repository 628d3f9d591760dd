#include "audio/sound_kind.h"

#include <sndfile.h>

#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <vector>

#include "audio/ogg_pages.h"

namespace acestep::audio {
namespace {

std::string library_name(int command, int format) {
  SF_FORMAT_INFO info{};
  info.format = format;
  if (sf_command(nullptr, command, &info, sizeof(info)) != 0 || info.name == nullptr) {
    return "unknown";
  }
  return info.name;
}

std::string container_name(int format) {
  switch (format & SF_FORMAT_TYPEMASK) {
    case SF_FORMAT_WAV:
    case SF_FORMAT_WAVEX:
      return "WAV";
    case SF_FORMAT_RF64:
      return "RF64";
    case SF_FORMAT_FLAC:
      return "FLAC";
    case SF_FORMAT_OGG:
      return "Ogg";
    case SF_FORMAT_AIFF:
      return "AIFF";
    case SF_FORMAT_MPEG:
      return "MP3";
    default:
      return library_name(SFC_GET_FORMAT_INFO, format & SF_FORMAT_TYPEMASK);
  }
}

std::string sample_name(int format) {
  switch (format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
      return ", 8 bit";
    case SF_FORMAT_PCM_16:
      return ", 16 bit";
    case SF_FORMAT_PCM_24:
      return ", 24 bit";
    case SF_FORMAT_PCM_32:
      return ", 32 bit";
    case SF_FORMAT_FLOAT:
      return ", 32-bit float";
    case SF_FORMAT_VORBIS:
      return " Vorbis";
    case SF_FORMAT_OPUS:
      return " Opus";
    case SF_FORMAT_MPEG_LAYER_III:
      return "";
    default:
      return ", " + library_name(SFC_GET_FORMAT_INFO, format & SF_FORMAT_SUBMASK);
  }
}

bool starts_with(std::span<const std::byte> file, std::string_view text) {
  return file.size() >= text.size() && std::memcmp(file.data(), text.data(), text.size()) == 0;
}

uint32_t uint32_at(std::span<const std::byte> file, std::size_t offset) {
  uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) {
    number = number << 8 | std::to_integer<uint32_t>(file[offset + i]);
  }
  return number;
}

bool riff_breaks_off(std::span<const std::byte> file) {
  constexpr std::size_t kBytesBeforeCount = 8;
  if (file.size() < kBytesBeforeCount) return true;
  const uint32_t stated = uint32_at(file, 4);
  // Programs that write into a pipe cannot know the size.
  if (stated == std::numeric_limits<uint32_t>::max()) return false;
  return stated > file.size() - kBytesBeforeCount;
}

bool ogg_breaks_off(std::span<const std::byte> file) {
  const std::vector<OggPage> pages = ogg_pages(file);
  return pages.empty() || pages.back().end() != file.size() || !ends_stream(file, pages.back());
}

}  // namespace

std::string sound_kind_name(int sndfile_format) {
  return container_name(sndfile_format) + sample_name(sndfile_format);
}

bool container_breaks_off(std::span<const std::byte> file) {
  if (starts_with(file, "RIFF")) return riff_breaks_off(file);
  if (starts_with(file, "OggS")) return ogg_breaks_off(file);
  return false;
}

}  // namespace acestep::audio
