// A fixture with a small tokenizer folder that tests write, spoil and open.
#pragma once

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "text/byte_alphabet.h"
#include "text/tokenizer.h"
#include "util/error.h"

namespace acestep::text {

// 256 bytes (id = byte), the merges "ab", "abc" and "é" (ids 256 … 258), then the added tokens.
class TokenizerFolder : public ::testing::Test {
 protected:
  static constexpr int64_t kAb = 256;
  static constexpr int64_t kAbc = 257;
  static constexpr int64_t kEAcute = 258;
  static constexpr int64_t kEnd = 259;     // <|end|>, special
  static constexpr int64_t kPad = 260;     // <|pad|>, special
  static constexpr int64_t kThink = 261;   // <think>
  static constexpr int64_t kThinks = 262;  // <think>s: longer than <think>

  void SetUp() override {
    std::string pattern = (std::filesystem::temp_directory_path() / "acestep-test-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    json_ = tokenizer_json();
    config_ = {{"eos_token", "<|end|>"}, {"pad_token", {{"content", "<|pad|>"}}}};
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream(folder_ / name, std::ios::binary) << content;
  }

  // Writes json_ and config_ and opens the folder.
  Tokenizer open() const {
    write("tokenizer.json", json_.dump());
    write("tokenizer_config.json", config_.dump());
    return Tokenizer(folder_);
  }

  // The message of the Error kModel that opening throws.
  std::string refusal() const {
    return message_of([&] { open(); });
  }

  static std::string message_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::kModel) << error.message();
      return error.message();
    }
    ADD_FAILURE() << "no Error was thrown";
    return {};
  }

  static nlohmann::json added(int64_t id, const std::string& content, bool is_special) {
    return {{"id", id}, {"content", content}, {"special", is_special}, {"normalized", false}};
  }

  static nlohmann::json tokenizer_json() {
    nlohmann::json vocabulary;
    for (int byte = 0; byte < 256; ++byte) {
      vocabulary[std::string(alphabet_symbol(static_cast<uint8_t>(byte)))] = byte;
    }
    vocabulary["ab"] = kAb;
    vocabulary["abc"] = kAbc;
    vocabulary[to_alphabet("é")] = kEAcute;
    // json::array: a braced list of pairs of strings would be taken for an object.
    using nlohmann::json;
    const json merges = json::array({json::array({"a", "b"}), json::array({"ab", "c"}),
                                     json::array({to_alphabet("\xC3"), to_alphabet("\xA9")})});
    return {{"normalizer", {{"type", "NFC"}}},
            {"pre_tokenizer",
             {{"type", "Sequence"},
              {"pretokenizers",
               {{{"type", "Split"},
                 {"pattern", {{"Regex", "\\p{L}+|[^\\p{L}]"}}},
                 {"behavior", "Isolated"},
                 {"invert", false}},
                {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}}}}}},
            {"post_processor", nullptr},
            {"added_tokens",
             {added(kEnd, "<|end|>", true), added(kPad, "<|pad|>", true),
              added(kThink, "<think>", false), added(kThinks, "<think>s", false)}},
            {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", merges}}}};
  }

  std::filesystem::path folder_;
  nlohmann::json json_;
  nlohmann::json config_;
};

}  // namespace acestep::text
