#include "condition/join.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <optional>

#include "util/error.h"

namespace acestep::condition {
namespace {

using song::Conditioning;
using song::ConditionSet;

bool have_one_shape(const ConditionSet& one, const ConditionSet& other) {
  return one.states.sizes() == other.states.sizes() && one.context.sizes() == other.context.sizes();
}

// The part of every song that `part` names, one below the other.
template <typename Part>
at::Tensor stacked(const std::vector<Conditioning>& songs, Part part) {
  std::vector<at::Tensor> tensors;
  for (const Conditioning& song : songs) tensors.push_back(part(song));
  return at::cat(tensors, 0);
}

// Have both the set, in one shape, or neither?
bool agree(const std::optional<ConditionSet>& one, const std::optional<ConditionSet>& other) {
  if (one.has_value() != other.has_value()) return false;
  return !one || have_one_shape(*one, *other);
}

template <typename SetOf>
ConditionSet joined_sets(const std::vector<Conditioning>& songs, SetOf set_of) {
  return {stacked(songs, [&](const Conditioning& song) { return set_of(song).states; }),
          stacked(songs, [&](const Conditioning& song) { return set_of(song).mask; }),
          stacked(songs, [&](const Conditioning& song) { return set_of(song).context; })};
}

}  // namespace

Conditioning on_device(Conditioning song, at::Device device) {
  const auto move = [&](at::Tensor& tensor) {
    if (tensor.defined()) tensor = tensor.to(device);
  };
  const auto move_set = [&](ConditionSet& set) {
    move(set.states);
    move(set.mask);
    move(set.context);
  };
  move_set(song.conditions);
  if (song.without_cover) move_set(*song.without_cover);
  if (song.of_source) move_set(*song.of_source);
  move(song.source);
  if (song.kept) {
    move(song.kept->is_new);
    move(song.kept->latents);
  }
  return song;
}

bool can_join(const Conditioning& one, const Conditioning& other) {
  return one.frames == other.frames && have_one_shape(one.conditions, other.conditions) &&
         agree(one.without_cover, other.without_cover) && agree(one.of_source, other.of_source) &&
         one.kept.has_value() == other.kept.has_value();
}

Conditioning join(const std::vector<Conditioning>& songs) {
  ACE_CHECK(!songs.empty());
  const Conditioning& first = songs.front();
  for (const Conditioning& song : songs) ACE_CHECK(can_join(first, song));
  if (songs.size() == 1) return first;
  Conditioning joined;
  joined.conditions = joined_sets(songs, [](const Conditioning& song) { return song.conditions; });
  if (first.without_cover) {
    joined.without_cover =
        joined_sets(songs, [](const Conditioning& song) { return *song.without_cover; });
  }
  if (first.of_source) {
    joined.of_source = joined_sets(songs, [](const Conditioning& song) { return *song.of_source; });
  }
  joined.source = stacked(songs, [](const Conditioning& song) { return song.source; });
  if (first.kept) {
    joined.kept = song::KeptSource{
        stacked(songs, [](const Conditioning& song) { return song.kept->is_new; }),
        stacked(songs, [](const Conditioning& song) { return song.kept->latents; })};
  }
  joined.frames = first.frames;
  for (const Conditioning& song : songs) {
    joined.requested_frames = std::max(joined.requested_frames, song.requested_frames);
  }
  return joined;
}

}  // namespace acestep::condition
