// A tiny autoencoder with seeded weights, held in memory.
#pragma once

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/oobleck_encoder.h"
#include "weights/tensor_source.h"
#include "weights/weight_scope.h"

namespace acestep::codec {

class MemorySource final : public weights::TensorSource {
 public:
  void add(const std::string& name, const at::Tensor& tensor) {
    infos_[name] = {tensor.scalar_type(), tensor.sizes().vec()};
    tensors_[name] = tensor;
  }
  std::string description() const override { return "memory"; }
  std::vector<std::string> names() const override {
    std::vector<std::string> names;
    for (const auto& [name, tensor] : tensors_) names.push_back(name);
    return names;
  }
  const weights::TensorInfo* find(std::string_view name) const override {
    const auto found = infos_.find(std::string(name));
    return found == infos_.end() ? nullptr : &found->second;
  }
  at::Tensor tensor(std::string_view name) const override { return tensors_.at(std::string(name)); }

 private:
  std::map<std::string, weights::TensorInfo> infos_;
  std::map<std::string, at::Tensor> tensors_;
};

// How convolution weights are stored.
enum class WeightForm { kPair, kParametrization, kFolded };

// hop 8, 4 latent channels.
inline models::OobleckConfig tiny_config() {
  return {.audio_channels = 2,
          .encoder_hidden_size = 8,
          .decoder_channels = 4,
          .decoder_input_channels = 4,
          .downsampling_ratios = {2, 4},
          .channel_multiples = {1, 2},
          .sampling_rate_hz = 48000};
}

// Fills a source with the tensors of tiny_config(): the same numbers in every form.
class TinyVaeWriter {
 public:
  explicit TinyVaeWriter(WeightForm form) : form_(form) {}

  std::unique_ptr<MemorySource> write() {
    write_encoder();
    write_decoder();
    return std::move(source_);
  }

 private:
  at::Tensor random(at::IntArrayRef shape) {
    return 0.5 * at::randn(shape, generator_, at::kFloat);
  }

  void conv(const std::string& name, at::IntArrayRef shape, int64_t bias) {
    const at::Tensor v = random(shape);
    // Weak enough that rounding errors do not grow from layer to layer.
    const at::Tensor g = at::full({shape[0], 1, 1}, 0.3);
    if (form_ == WeightForm::kPair) {
      source_->add(name + ".weight_g", g);
      source_->add(name + ".weight_v", v);
    } else if (form_ == WeightForm::kParametrization) {
      source_->add(name + ".parametrizations.weight.original0", g);
      source_->add(name + ".parametrizations.weight.original1", v);
    } else {
      source_->add(name + ".weight", 0.3 * v / v.flatten(1).norm(2, 1).view({-1, 1, 1}));
    }
    if (bias > 0) source_->add(name + ".bias", random({bias}));
  }

  void snake(const std::string& name, int64_t channels) {
    source_->add(name + ".alpha", random({1, channels, 1}));
    source_->add(name + ".beta", random({1, channels, 1}));
  }

  void units(const std::string& block, int64_t channels) {
    for (const char* unit : {".res_unit1", ".res_unit2", ".res_unit3"}) {
      snake(block + unit + ".snake1", channels);
      conv(block + unit + ".conv1", {channels, channels, 7}, channels);
      snake(block + unit + ".snake2", channels);
      conv(block + unit + ".conv2", {channels, channels, 1}, channels);
    }
  }

  void write_encoder() {
    conv("encoder.conv1", {8, 2, 7}, 8);
    units("encoder.block.0", 8);
    snake("encoder.block.0.snake1", 8);
    conv("encoder.block.0.conv1", {8, 8, 4}, 8);
    units("encoder.block.1", 8);
    snake("encoder.block.1.snake1", 8);
    conv("encoder.block.1.conv1", {16, 8, 8}, 16);
    snake("encoder.snake1", 16);
    conv("encoder.conv2", {8, 16, 3}, 8);
  }

  void write_decoder() {
    conv("decoder.conv1", {8, 4, 7}, 8);
    snake("decoder.block.0.snake1", 8);
    conv("decoder.block.0.conv_t1", {8, 4, 8}, 4);
    units("decoder.block.0", 4);
    snake("decoder.block.1.snake1", 4);
    conv("decoder.block.1.conv_t1", {4, 4, 4}, 4);
    units("decoder.block.1", 4);
    snake("decoder.snake1", 4);
    conv("decoder.conv2", {2, 4, 7}, 0);
  }

  WeightForm form_;
  at::Generator generator_ = at::make_generator<at::CPUGeneratorImpl>(7);
  std::unique_ptr<MemorySource> source_ = std::make_unique<MemorySource>();
};

struct TinyVae {
  explicit TinyVae(WeightForm form = WeightForm::kPair, at::ScalarType dtype = at::kFloat)
      : source(TinyVaeWriter(form).write()),
        reader(*source, {.dtype = dtype}, "VAE"),
        encoder(reader.root().scope("encoder"), tiny_config()),
        decoder(reader.root().scope("decoder"), tiny_config()) {
    reader.finish();
  }

  std::unique_ptr<MemorySource> source;
  weights::WeightReader reader;
  models::OobleckEncoder encoder;
  models::OobleckDecoder decoder;
};

}  // namespace acestep::codec
