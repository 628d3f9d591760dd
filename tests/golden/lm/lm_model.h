// The language model and tokenizer that a golden set names, loaded in float32.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "golden/case.h"
#include "lm/token_tables.h"
#include "models/qwen3_lm.h"
#include "text/tokenizer.h"
#include "weights/tensor_source.h"

namespace acestep::golden {

// The folder a set.json beside the case's data names under `key` ("model", "tokenizer"): its paths
// are relative to the set's checkpoint folder, which itself need not exist.
std::filesystem::path lm_folder(const Case& the_case, const std::string& key);

struct GoldenLm {
  // max_duration_seconds: the largest duration the grammar may write.
  GoldenLm(const std::filesystem::path& folder, int max_duration_seconds);
  GoldenLm(const GoldenLm&) = delete;
  GoldenLm& operator=(const GoldenLm&) = delete;

  std::unique_ptr<weights::TensorSource> source;
  text::Tokenizer tokenizer;
  lm::TokenTables tables;
  models::Qwen3Lm model;
};

// 64-bit-hash logits of the golden data (its README): [vocab_size] float32.
at::Tensor hash_logits(uint64_t seed, uint64_t step, int64_t vocab_size);

}  // namespace acestep::golden
