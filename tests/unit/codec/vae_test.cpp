#include <gmock/gmock.h>

#include <limits>
#include <stdexcept>

#include "codec/decoder.h"
#include "codec/encoder.h"
#include "unit/codec/tiny_vae.h"
#include "util/error.h"

namespace acestep::codec {
namespace {

using ::testing::HasSubstr;

at::Generator seeded(uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

at::Tensor noise(at::IntArrayRef shape) {
  at::Generator generator = seeded(3);
  return at::randn(shape, generator, at::kFloat);
}

class Vae : public ::testing::Test {
 protected:
  c10::InferenceMode guard_;
};

TEST_F(Vae, LengthensByTheHopAndShortensByIt) {
  const TinyVae vae;
  const at::Tensor audio = vae.decoder.forward(noise({2, 4, 9}));
  EXPECT_EQ(audio.sizes(), (std::vector<int64_t>{2, 2, 9 * tiny_config().hop_samples()}));
  EXPECT_EQ(vae.encoder.forward(audio).mean.sizes(), (std::vector<int64_t>{2, 4, 9}));
}

TEST_F(Vae, ReadsEveryFormOfWeightNorm) {
  const at::Tensor latents = noise({1, 4, 5});
  const at::Tensor expected = TinyVae(WeightForm::kPair).decoder.forward(latents);
  const at::Tensor from_folded = TinyVae(WeightForm::kFolded).decoder.forward(latents);
  EXPECT_TRUE(at::allclose(from_folded, expected, 1e-4, 1e-5));
  const at::Tensor from_new_style = TinyVae(WeightForm::kParametrization).decoder.forward(latents);
  EXPECT_TRUE(at::equal(from_new_style, expected));
}

TEST_F(Vae, Bf16StaysClose) {
  const at::Tensor latents = noise({1, 4, 20});
  const at::Tensor expected = TinyVae().decoder.forward(latents);
  const at::Tensor rounded = TinyVae(WeightForm::kPair, at::kBFloat16).decoder.forward(latents);
  EXPECT_EQ(rounded.scalar_type(), at::kFloat);
  const double rms = (rounded - expected).square().mean().sqrt().item<double>();
  EXPECT_LT(rms, 0.05 * expected.std().item<double>());
}

TEST_F(Vae, TilesWithEnoughContextEqualOneShot) {
  const TinyVae vae;
  const at::Tensor latents = noise({2, 4, 150});
  const at::Tensor expected = vae.decoder.forward(latents);
  const at::Tensor tiled = decode_tiles(vae.decoder, latents, {.chunk = 110, .overlap = 45});
  EXPECT_TRUE(at::allclose(tiled, expected, 1e-4, 1e-5));
}

TEST_F(Vae, TellsOfEveryTileAndStopsWhenTheObserverThrows) {
  const TinyVae vae;
  const at::Tensor latents = noise({2, 4, 30});
  std::vector<int64_t> tiles;
  decode_tiles(vae.decoder, latents, {.chunk = 20, .overlap = 4},
               [&](const TileProgress& progress) { tiles.push_back(progress.tile); });
  EXPECT_THAT(tiles, ::testing::ElementsAre(1, 2, 3, 1, 2, 3));
  EXPECT_THROW(decode_tiles(vae.decoder, latents, {.chunk = 20, .overlap = 4},
                            [](const TileProgress&) { throw std::runtime_error("stop"); }),
               std::runtime_error);
}

TEST_F(Vae, NamesTheTileThatIsNotFinite) {
  const TinyVae vae;
  const at::Tensor latents = noise({2, 4, 60});
  latents[1].slice(1, 50, 51).fill_(std::numeric_limits<float>::quiet_NaN());
  try {
    decode_tiles(vae.decoder, latents, {.chunk = 20, .overlap = 4});
    FAIL() << "no Error was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kRejected);
    EXPECT_THAT(error.message(), HasSubstr("VAE decode: tile 4 of 5"));
    EXPECT_THAT(error.message(), HasSubstr("song 2 of 2"));
  }
}

TEST_F(Vae, EncodingRepeatsWithTheSeed) {
  const TinyVae vae;
  const at::Tensor audio = noise({1, 2, 640});
  const Tiling tiling{.chunk = 320, .overlap = 80};
  at::Generator first = seeded(5);
  at::Generator second = seeded(5);
  at::Generator other = seeded(6);
  const at::Tensor latents = encode_tiles(vae.encoder, audio, first, tiling);
  EXPECT_EQ(latents.sizes(), (std::vector<int64_t>{1, 4, 80}));
  EXPECT_TRUE(at::equal(encode_tiles(vae.encoder, audio, second, tiling), latents));
  EXPECT_FALSE(at::equal(encode_tiles(vae.encoder, audio, other, tiling), latents));
}

TEST_F(Vae, RefusesAudioShorterThanAFrame) {
  const TinyVae vae;
  at::Generator generator = seeded(5);
  EXPECT_THROW(encode_tiles(vae.encoder, noise({1, 2, 1}), generator), Error);
}

}  // namespace
}  // namespace acestep::codec
