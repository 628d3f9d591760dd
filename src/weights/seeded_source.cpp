#include "weights/seeded_source.h"

#include <ATen/ATen.h>

#include <utility>

#include "util/error.h"
#include "util/split_mix.h"

namespace acestep::weights {

SeededSource::SeededSource(uint64_t seed, std::map<std::string, SeededTensor, std::less<>> tensors)
    : seed_(seed), tensors_(std::move(tensors)) {}

std::string SeededSource::description() const {
  return "random weights of seed " + std::to_string(seed_);
}

std::vector<std::string> SeededSource::names() const {
  std::vector<std::string> result;
  result.reserve(tensors_.size());
  for (const auto& [name, tensor] : tensors_) result.push_back(name);
  return result;
}

const TensorInfo* SeededSource::find(std::string_view name) const {
  const auto place = tensors_.find(name);
  return place == tensors_.end() ? nullptr : &place->second.info;
}

at::Tensor SeededSource::tensor(std::string_view name) const {
  const auto place = tensors_.find(name);
  ACE_CHECK(place != tensors_.end());
  const SeededTensor& wanted = place->second;
  at::Tensor values =
      at::empty(wanted.info.shape, at::TensorOptions().dtype(at::kFloat).device(at::kCPU));
  util::SplitMix random(util::seed_for(seed_, name));
  float* value = values.data_ptr<float>();
  for (int64_t i = 0; i < values.numel(); ++i) {
    value[i] = wanted.mean + wanted.spread * random.signed_unit();
  }
  return values.to(wanted.info.dtype);
}

}  // namespace acestep::weights
