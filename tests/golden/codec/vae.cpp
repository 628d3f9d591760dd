#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include <memory>
#include <string>
#include <vector>

#include "codec/decoder.h"
#include "codec/encoder.h"
#include "codec/levels.h"
#include "golden/codec/runners.h"
#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/oobleck_encoder.h"
#include "weights/safetensors_source.h"

namespace acestep::golden {
namespace {

// The model a case names, both halves bound strictly.
struct Vae {
  explicit Vae(const std::filesystem::path& folder)
      : config(models::read_oobleck_config(folder / "config.json")),
        source(weights::open_safetensors(folder / "diffusion_pytorch_model.safetensors")),
        reader(*source, weights::Placement{}, "VAE"),
        encoder(reader.root().scope("encoder"), config),
        decoder(reader.root().scope("decoder"), config) {
    reader.finish();
  }

  models::OobleckConfig config;
  std::unique_ptr<weights::TensorSource> source;
  weights::WeightReader reader;
  models::OobleckEncoder encoder;
  models::OobleckDecoder decoder;
};

Vae load_vae(const Case& the_case) {
  return Vae(the_case.checkpoints / the_case.entry.at("model").get<std::string>());
}

at::Generator seeded(uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

// Compares `x` [B, C, 1, T] with the stored tensor, of which only the first channels may be kept.
void compare_activation(Check& check, const Case& the_case, const std::string& name,
                        const at::Tensor& x) {
  if (!the_case.has(name)) return;
  const int64_t channels = the_case.tensor(name).size(1);
  check.tensor(name, nn::from_conv_layout(x).narrow(1, 0, channels), kLoopBound);
}

// Walks the decoder piece by piece, comparing whatever pieces the case stores.
void compare_decoder_pieces(const models::OobleckDecoder& decoder, const Case& the_case,
                            Check& check) {
  at::Tensor x = decoder.conv1(nn::to_conv_layout(the_case.tensor("in.latents")));
  compare_activation(check, the_case, "mid.conv1", x);
  for (std::size_t i = 0; i < decoder.blocks.size(); ++i) {
    const models::OobleckDecoderBlock& block = decoder.blocks[i];
    const std::string name = "mid.block" + std::to_string(i);
    x = block.snake1(x);
    compare_activation(check, the_case, name + ".snake1", x);
    x = block.conv_t1(x);
    compare_activation(check, the_case, name + ".conv_t1", x);
    for (std::size_t unit = 0; unit < block.res_units.size(); ++unit) {
      x = block.res_units[unit].forward(x);
      compare_activation(check, the_case, name + ".res_unit" + std::to_string(unit + 1), x);
    }
    compare_activation(check, the_case, name, x);
  }
}

void compare_encoder_pieces(const models::OobleckEncoder& encoder, const Case& the_case,
                            Check& check) {
  at::Tensor x = encoder.conv1(nn::to_conv_layout(the_case.tensor("in.audio")));
  compare_activation(check, the_case, "mid.conv1", x);
  for (std::size_t i = 0; i < encoder.blocks.size(); ++i) {
    x = encoder.blocks[i].forward(x);
    compare_activation(check, the_case, "mid.block" + std::to_string(i), x);
  }
}

codec::Tiling tiling_of(const Case& the_case) {
  const auto& params = the_case.entry.at("params");
  return {.chunk = params.at("chunk_size"), .overlap = params.at("overlap")};
}

}  // namespace

void run_snake(const Case& the_case, Check& check) {
  const nn::Snake snake(the_case.tensor("in.alpha"), the_case.tensor("in.beta"));
  const at::Tensor x = nn::to_conv_layout(the_case.tensor("in.x"));
  check.tensor("out.y", nn::from_conv_layout(snake(x)));
  snake.apply_in_place(x);
  check.tensor("out.y in place", nn::from_conv_layout(x), the_case.tensor("out.y"), kModuleBound);
}

void run_vae_decode(const Case& the_case, Check& check) {
  const Vae vae = load_vae(the_case);
  compare_decoder_pieces(vae.decoder, the_case, check);
  check.tensor("out.audio", vae.decoder.forward(the_case.tensor("in.latents")), kLoopBound);
}

void run_vae_encode(const Case& the_case, Check& check) {
  const Vae vae = load_vae(the_case);
  compare_encoder_pieces(vae.encoder, the_case, check);
  const models::LatentDistribution latents = vae.encoder.forward(the_case.tensor("in.audio"));
  check.tensor("out.mean", latents.mean, kLoopBound);
  check.tensor("out.std", latents.std, kLoopBound);
  const uint64_t seed = the_case.entry.at("params").at("sample_seed");
  at::Generator generator = seeded(seed);
  check.tensor("out.sample_seed" + std::to_string(seed), codec::sample(latents, generator),
               kLoopBound);
}

void run_vae_tiled_decode(const Case& the_case, Check& check) {
  const Vae vae = load_vae(the_case);
  const at::Tensor latents = the_case.tensor("in.latents");
  check.tensor("out.audio", codec::decode_tiles(vae.decoder, latents, tiling_of(the_case)),
               kLoopBound);
}

void run_vae_tiled_encode(const Case& the_case, Check& check) {
  const Vae vae = load_vae(the_case);
  const codec::Tiling tiling = tiling_of(the_case);
  const at::Tensor audio = the_case.tensor("in.audio");
  at::Generator generator =
      seeded(the_case.entry.at("params").at("global_manual_seed").get<uint64_t>());
  check.tensor("out.latents", codec::encode_tiles(vae.encoder, audio, generator, tiling),
               kLoopBound);
  if (!the_case.has("mid.mean_same_windows")) return;
  const codec::TilePlan plan = codec::plan_encode(
      audio.size(2), tiling, [&](int64_t samples) { return vae.encoder.output_frames(samples); });
  std::vector<at::Tensor> means;
  for (const codec::Tile& tile : plan.tiles) {
    const at::Tensor window = audio.narrow(2, tile.input_start, tile.input_length());
    means.push_back(
        vae.encoder.forward(window).mean.narrow(2, tile.keep_start, tile.keep_length()));
  }
  check.tensor("mid.mean_same_windows", at::cat(means, 2), kLoopBound);
}

void run_post_decode(const Case& the_case, Check& check) {
  const Vae vae = load_vae(the_case);
  const auto& params = the_case.entry.at("params");
  const at::Tensor latents = codec::scale_latents(
      the_case.tensor("in.latents"),
      {.shift = params.at("latent_shift"), .rescale = params.at("latent_rescale")});
  check.tensor("mid.latents_after_shift", latents);
  at::Tensor audio = codec::decode_tiles(vae.decoder, latents.transpose(1, 2));
  check.tensor("mid.raw_peak", audio.abs().amax({1, 2}), kLoopBound);
  codec::limit_peaks(audio);
  check.tensor("out.audio", audio, kLoopBound);
}

}  // namespace acestep::golden
