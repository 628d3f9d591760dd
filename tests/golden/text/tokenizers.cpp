#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "golden/load.h"
#include "golden/text/runners.h"
#include "golden/text/tokenizer_set.h"
#include "text/tokenizer.h"
#include "util/sha256.h"

namespace acestep::golden {
namespace {

using nlohmann::json;
using text::SpecialTokens;
using text::Tokenizer;

std::string repeated(const json& repeat) {
  std::string text;
  for (int64_t i = 0; i < repeat.at("count").get<int64_t>(); ++i) {
    text += repeat.at("unit").get<std::string>();
  }
  return text;
}

std::vector<int64_t> first(const std::vector<int64_t>& ids, size_t count) {
  return {ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(std::min(count, ids.size()))};
}

std::vector<int64_t> last(const std::vector<int64_t>& ids, size_t count) {
  return {ids.end() - static_cast<std::ptrdiff_t>(std::min(count, ids.size())), ids.end()};
}

// A decoded text, or its hash when it is long. Stored hashes may be shortened at their end.
void check_text(const std::string& label, const std::string& actual, const json& expected,
                Check& check) {
  if (expected.is_string()) return check.equal(label, actual, expected);
  const std::string stored = expected.at("sha256");
  check.equal(label, util::sha256_of(actual).substr(0, stored.size()), stored);
}

void check_encode(const std::string& label, const Tokenizer& tokenizer, const json& entry,
                  Check& check) {
  const bool is_repeated = entry.contains("repeat");
  const std::string text =
      is_repeated ? repeated(entry.at("repeat")) : entry.at("text").get<std::string>();
  const std::vector<int64_t> ids = tokenizer.encode(text);
  check_ids(label, ids, entry, check);
  if (entry.contains("tokens")) {
    json tokens = json::array();
    for (const int64_t id : ids) tokens.push_back(tokenizer.token_of(id));
    check.equal(label + " tokens", tokens, entry.at("tokens"));
  }
  check_text(label + " decoded", tokenizer.decode(ids), entry.at("decoded"), check);
  check_text(label + " decoded_skip", tokenizer.decode(ids, SpecialTokens::kSkip),
             entry.at("decoded_skip"), check);
}

void check_decode(const std::string& label, const Tokenizer& tokenizer, const json& entry,
                  Check& check) {
  const std::vector<int64_t> ids = entry.at("ids");
  check_text(label + " decoded", tokenizer.decode(ids), entry.at("decoded"), check);
  check_text(label + " decoded_skip", tokenizer.decode(ids, SpecialTokens::kSkip),
             entry.at("decoded_skip"), check);
  json each = json::array();
  for (const int64_t id : ids) each.push_back(tokenizer.decode({id}));
  check.equal(label + " each", each, entry.at("each"));
}

void check_tokenizer(const std::string& name, const Tokenizer& tokenizer, const json& data,
                     Check& check) {
  check.equal(name + " size", tokenizer.size(), data.at("len"));
  check.equal(name + " pad_id", tokenizer.pad_id(), data.at("pad_id"));
  check.equal(name + " eos_id", tokenizer.eos_id(), data.at("eos_id"));
  for (const json& entry : data.at("encode")) {
    check_encode(name + " encode " + entry.at("name").get<std::string>(), tokenizer, entry, check);
    check.count();
  }
  for (const json& entry : data.at("decode")) {
    check_decode(name + " decode " + entry.at("name").get<std::string>(), tokenizer, entry, check);
    check.count();
  }
}

}  // namespace

Tokenizer open_tokenizer(const Case& the_case, const std::string& role) {
  const json set = read_json(the_case.folder / "set.json");
  const std::filesystem::path folder = the_case.checkpoints / set.at(role).get<std::string>();
  // The lm folder of the checkpoints need not exist, so "lm/../e2e" must not be left to the system.
  return Tokenizer(folder.lexically_normal());
}

void check_ids(const std::string& label, const std::vector<int64_t>& ids, const json& entry,
               Check& check) {
  std::string bytes;  // little-endian int32
  for (const int64_t id : ids) {
    for (int shift = 0; shift < 32; shift += 8) bytes += static_cast<char>(id >> shift & 0xFF);
  }
  check.equal(label + " n", ids.size(), entry.at("n"));
  const std::string stored = entry.at("ids_sha256");
  check.equal(label + " ids_sha256", util::sha256_of(bytes).substr(0, stored.size()), stored);
  if (entry.contains("ids")) check.equal(label + " ids", ids, entry.at("ids"));
  if (entry.contains("ids_head")) {
    check.equal(label + " ids_head", first(ids, entry.at("ids_head").size()), entry.at("ids_head"));
  }
  if (entry.contains("ids_tail")) {
    check.equal(label + " ids_tail", last(ids, entry.at("ids_tail").size()), entry.at("ids_tail"));
  }
}

void run_tokenizer_cases(const Case& the_case, Check& check) {
  check_tokenizer("lm", open_tokenizer(the_case, "tokenizer"), the_case.data.at("lm"), check);
  check_tokenizer("embedding", open_tokenizer(the_case, "embedding_tokenizer"),
                  the_case.data.at("embedding"), check);
}

void run_ids(const Case& the_case, Check& check) {
  const Tokenizer tokenizer = open_tokenizer(the_case, "tokenizer");
  const json& ids = the_case.data;
  const auto check_token = [&](const char* name, const char* token) {
    check.equal(name, tokenizer.id_of(token).value_or(-1), ids.at(name));
    check.count();
  };
  check_token("endoftext", "<|endoftext|>");
  check_token("im_start", "<|im_start|>");
  check_token("im_end", "<|im_end|>");
  check_token("think", "<think>");
  check_token("think_end", "</think>");
  check_token("first_audio", "<|audio_code_0|>");
  check.equal("total", tokenizer.size(), ids.at("total"));
  // Plain tokens come first: the number of them is the id of the first added one.
  check.equal("base", tokenizer.id_of("<|endoftext|>").value_or(-1), ids.at("base"));
  check.count(2);
}

}  // namespace acestep::golden
