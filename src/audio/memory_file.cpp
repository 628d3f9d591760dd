#include "audio/memory_file.h"

#include <algorithm>
#include <cstdio>
#include <cstring>

namespace acestep::audio {
namespace {

// libsndfile calls these from C: they report failure by their result and never throw but for
// memory.

template <typename Bytes>
sf_count_t length_of(void* user) {
  return static_cast<sf_count_t>(static_cast<Bytes*>(user)->bytes.size());
}

template <typename Bytes>
sf_count_t position_of(void* user) {
  return static_cast<sf_count_t>(static_cast<Bytes*>(user)->position);
}

template <typename Bytes>
sf_count_t seek(sf_count_t offset, int whence, void* user) {
  auto& file = *static_cast<Bytes*>(user);
  sf_count_t base = 0;
  if (whence == SEEK_CUR) base = static_cast<sf_count_t>(file.position);
  if (whence == SEEK_END) base = static_cast<sf_count_t>(file.bytes.size());
  if (offset < -base) return -1;
  file.position = static_cast<std::size_t>(base + offset);
  return static_cast<sf_count_t>(file.position);
}

template <typename Bytes>
sf_count_t read(void* target, sf_count_t count, void* user) {
  auto& file = *static_cast<Bytes*>(user);
  if (count <= 0 || file.position >= file.bytes.size()) return 0;
  const std::size_t rest = file.bytes.size() - file.position;
  const std::size_t taken = std::min(static_cast<std::size_t>(count), rest);
  std::memcpy(target, file.bytes.data() + file.position, taken);
  file.position += taken;
  return static_cast<sf_count_t>(taken);
}

sf_count_t write(const void* source, sf_count_t count, void* user) {
  auto& file = *static_cast<OutputBytes*>(user);
  if (count <= 0) return 0;
  const auto size = static_cast<std::size_t>(count);
  if (file.position + size > file.bytes.size()) file.bytes.resize(file.position + size);
  std::memcpy(file.bytes.data() + file.position, source, size);
  file.position += size;
  return count;
}

sf_count_t refuse_write(const void*, sf_count_t, void*) { return 0; }

}  // namespace

SF_VIRTUAL_IO output_callbacks() {
  return {length_of<OutputBytes>, seek<OutputBytes>, read<OutputBytes>, write,
          position_of<OutputBytes>};
}

SF_VIRTUAL_IO input_callbacks() {
  return {length_of<InputBytes>, seek<InputBytes>, read<InputBytes>, refuse_write,
          position_of<InputBytes>};
}

}  // namespace acestep::audio
