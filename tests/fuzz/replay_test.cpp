// Seeded damage to valid files of every kind, replayed through the fuzz targets: each result is
// read or refused with the promised Error, within bounded memory.
//
// ACESTEP_FUZZ_RUNS: how many mutations each target gets, instead of the numbers below.
#include <gmock/gmock.h>

#include <cstdlib>
#include <functional>
#include <iostream>

#include "fuzz/mutate_json.h"
#include "fuzz/seeds.h"
#include "fuzz/targets.h"
#include "unit/weights/allocation_meter.h"
#include "unit/weights/hostile_bytes.h"

namespace acestep::fuzz {
namespace {

using Target = int (*)(const uint8_t*, size_t);
using Mutate = std::function<std::string(util::SplitMix&)>;

int64_t runs_or(int64_t otherwise) {
  const char* runs = std::getenv("ACESTEP_FUZZ_RUNS");
  return runs == nullptr ? otherwise : std::atoll(runs);
}

struct Replay {
  Target target;
  int64_t runs;
  uint64_t seed;
  size_t slack_bytes = 1 << 20;  // memory a run may hold beyond the size of its file
  Mutate mutate;
};

void replay(const Replay& replay) {
  util::SplitMix random(replay.seed);
  const int64_t runs = runs_or(replay.runs);
  int64_t read = 0;
  for (int64_t i = 0; i < runs && !::testing::Test::HasFailure(); ++i) {
    const std::string bytes = replay.mutate(random);
    const size_t peak = testing::peak_allocated_bytes([&] {
      try {
        const int result =
            replay.target(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
        read += result == 0 ? 1 : 0;
      } catch (const std::exception& mistake) {
        ADD_FAILURE() << "mutation " << i << ": " << mistake.what();
      }
    });
    EXPECT_LE(peak, bytes.size() + replay.slack_bytes) << "mutation " << i;
  }
  std::cout << "  " << runs << " mutations, " << read << " read\n";
  // Otherwise the mutations tried nothing but the front door, or nothing at all.
  if (runs >= 1000) {
    EXPECT_GT(read, 0);
    EXPECT_LT(read, runs);
  }
}

// Flips, cuts, repeats and grows bytes of `seed` within its first `reach` bytes.
Mutate bytes_of(const std::string& seed, size_t reach = SIZE_MAX) {
  return [=](util::SplitMix& random) { return testing::mutate(seed, reach, random); };
}

// One time in four damaged bytes, else damaged meaning.
Mutate json_of(const std::string& seed) {
  return [seed, document = nlohmann::json::parse(seed)](util::SplitMix& random) {
    return random.below(4) == 0 ? testing::mutate(seed, seed.size(), random)
                                : mutate_json(document, random);
  };
}

TEST(Seeds, AreRead) {
  const auto read = [](Target target, const std::string& seed) {
    return target(reinterpret_cast<const uint8_t*>(seed.data()), seed.size()) == 0;
  };
  EXPECT_TRUE(read(fuzz_safetensors, safetensors_seed()));
  EXPECT_TRUE(read(fuzz_torch_tensor, torch_tensor_seed()));
  EXPECT_TRUE(read(fuzz_tensor_pickle, tensor_pickle_seed()));
  EXPECT_TRUE(read(fuzz_tokenizer_json, tokenizer_json_seed()));
  EXPECT_TRUE(read(fuzz_tokenizer_config, tokenizer_config_seed()));
  EXPECT_TRUE(read(fuzz_merges, merges_seed()));
  EXPECT_TRUE(read(fuzz_adapter_config, adapter_config_seed()));
  for (const std::string& sound : audio_seeds()) EXPECT_TRUE(read(fuzz_audio, sound));
  EXPECT_TRUE(read(fuzz_request_json, request_json_seed()));
  EXPECT_TRUE(read(fuzz_request_json, acestep_cpp_seed()));
  EXPECT_TRUE(read(fuzz_request_json, reference_sidecar_seed()));
  EXPECT_TRUE(read(fuzz_request_toml, request_toml_seed()));
  EXPECT_TRUE(read(fuzz_env_file, env_file_seed()));
  EXPECT_TRUE(read(fuzz_huggingface_list, huggingface_list_seed()));
  EXPECT_TRUE(read(fuzz_modelscope_list, modelscope_list_seed()));
  EXPECT_TRUE(read(fuzz_http_head, http_head_seed()));
}

// A tokenizer's model takes about 1 MB in the engine.
constexpr size_t kTokenizerSlack = 16 << 20;

TEST(Replay, Safetensors) {
  const std::string seed = safetensors_seed();
  replay({fuzz_safetensors, 100'000, 1, 1 << 20, bytes_of(seed, seed.size() - 104)});
}

TEST(Replay, TorchTensor) {
  replay({fuzz_torch_tensor, 50'000, 2, 1 << 20, bytes_of(torch_tensor_seed())});
}

TEST(Replay, TensorPickle) {
  replay({fuzz_tensor_pickle, 50'000, 3, 1 << 20, bytes_of(tensor_pickle_seed())});
}

TEST(Replay, TokenizerJson) {
  replay({fuzz_tokenizer_json, 8'000, 4, kTokenizerSlack, json_of(tokenizer_json_seed())});
}

TEST(Replay, TokenizerConfig) {
  replay({fuzz_tokenizer_config, 6'000, 5, kTokenizerSlack, json_of(tokenizer_config_seed())});
}

TEST(Replay, Merges) { replay({fuzz_merges, 6'000, 6, kTokenizerSlack, bytes_of(merges_seed())}); }

TEST(Replay, Audio) {
  // Headers lie in the first bytes, but damage farther in meets the decoders.
  constexpr size_t kHeaderBytes = 200;
  const std::vector<std::string> seeds = audio_seeds();
  replay({fuzz_audio, 20'000, 7, 8 << 20, [&](util::SplitMix& random) {
            const std::string& seed = seeds[random.below(seeds.size())];
            const size_t reach = random.below(4) == 0 ? seed.size() : kHeaderBytes;
            return testing::mutate(seed, reach, random);
          }});
}

TEST(Replay, AdapterConfig) {
  replay({fuzz_adapter_config, 20'000, 16, 1 << 20, json_of(adapter_config_seed())});
}

TEST(Replay, RequestJson) {
  replay({fuzz_request_json, 20'000, 8, 4 << 20, json_of(request_json_seed())});
}

TEST(Replay, AcestepCppRequest) {
  replay({fuzz_request_json, 10'000, 10, 4 << 20, json_of(acestep_cpp_seed())});
}

TEST(Replay, ReferenceSidecar) {
  replay({fuzz_request_json, 10'000, 11, 4 << 20, json_of(reference_sidecar_seed())});
}

TEST(Replay, EnvFile) { replay({fuzz_env_file, 20'000, 12, 1 << 20, bytes_of(env_file_seed())}); }

TEST(Replay, HuggingFaceList) {
  replay({fuzz_huggingface_list, 10'000, 13, 1 << 20, json_of(huggingface_list_seed())});
}

TEST(Replay, ModelScopeList) {
  replay({fuzz_modelscope_list, 10'000, 14, 1 << 20, json_of(modelscope_list_seed())});
}

TEST(Replay, HttpHead) {
  replay({fuzz_http_head, 20'000, 15, 1 << 20, bytes_of(http_head_seed())});
}

TEST(Replay, RequestToml) {
  replay({fuzz_request_toml, 20'000, 9, 4 << 20, bytes_of(request_toml_seed())});
}

}  // namespace
}  // namespace acestep::fuzz
