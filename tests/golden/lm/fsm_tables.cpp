// Kind lm/fsm_tables: what the grammar works out of a vocabulary.
#include <ATen/ATen.h>

#include "golden/lm/kinds.h"
#include "golden/lm/lm_model.h"
#include "lm/grammar_state.h"
#include "util/sha256.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

json tree_json(const lm::PrefixTree& tree) {
  json nodes = json::array();
  for (const auto& [prefix, allowed] : tree.nodes()) {
    nodes.push_back(json::array({json(prefix), json(allowed)}));
  }
  return nodes;
}

// As Python's json module prints it: a blank behind every comma.
std::string python_text(const json& value) {
  std::string text;
  for (const char c : value.dump()) {
    text += c;
    if (c == ',') text += ' ';
  }
  return text;
}

// "duration_tree_<seconds>": number of nodes and a hash, sometimes the tree itself.
void check_duration_tree(const text::Tokenizer& tokenizer, int64_t vocab_size,
                         const std::string& key, const json& entry, Check& check) {
  const int seconds = std::stoi(key.substr(key.rfind('_') + 1));
  const lm::TokenTables tables(tokenizer, vocab_size, seconds, at::kCPU);
  const json tree = tree_json(tables.values(lm::Field::kDuration));
  check.equal(key + ".nodes", tree.size(), entry.at("nodes"));
  check.equal(key + ".sha256", util::sha256_of(python_text(tree)), entry.at("sha256"));
  if (entry.contains("tree")) check.equal(key, tree, entry["tree"]);
}

void check_fixed_text(const lm::TokenTables& tables, const std::string& name, const json& entry,
                      Check& check) {
  const auto fixed = entry.at("text").get<std::string>();
  json steps = json::array();
  for (size_t position = 0; position < fixed.size();) {
    const int64_t id = tables.forced_token(fixed, position);
    steps.push_back(json::array({id}));
    position += tables.tokenizer().decode({id}).size();
  }
  check.equal("fixed_strings." + name, steps, entry.at("steps"));
}

void check_hash_logits(const json& entry, Check& check) {
  const at::Tensor row = hash_logits(entry.at("seed"), entry.at("step"), 1000);
  const auto* bytes = static_cast<const char*>(row.data_ptr());
  check.equal("hash_logits_check.sha256_of_1000",
              util::sha256_of(std::string_view(bytes, row.nbytes())), entry.at("sha256_of_1000"));
}

// The helper ids of the table by their names in the data.
json helper_ids(const lm::TokenTables& tables) {
  json digits = json::array();
  for (int digit = 0; digit < 10; ++digit) digits.push_back(tables.digit(digit));
  return {{"newline", tables.newline()},
          {"backtick", tables.backtick()},
          {"eos", tables.end_of_turn()},
          {"digit_tokens", digits},
          {"audio_ids_count", tables.audio_ids().size()},
          {"audio_ids_min", tables.audio_ids().front()},
          {"audio_ids_max", tables.audio_ids().back()},
          {"vocab_size", tables.tokenizer().size()},
          {"bpm_tree", tree_json(tables.values(lm::Field::kBpm))},
          {"keyscale_tree", tree_json(tables.values(lm::Field::kKeyscale))},
          {"language_tree", tree_json(tables.values(lm::Field::kLanguage))},
          {"timesig_tree", tree_json(tables.values(lm::Field::kTimesignature))}};
}

}  // namespace

void run_fsm_tables(const Case& the_case, Check& check) {
  const text::Tokenizer tokenizer(lm_folder(the_case, "tokenizer"));
  const lm::TokenTables tables(tokenizer, tokenizer.size(), lm::kDurationMaxSeconds, at::kCPU);
  const json ours = helper_ids(tables);
  for (const auto& [key, value] : the_case.data.items()) {
    if (key.starts_with("duration_tree_")) {
      check_duration_tree(tokenizer, tokenizer.size(), key, value, check);
    } else if (key == "fixed_strings") {
      for (const auto& [name, entry] : value.items()) check_fixed_text(tables, name, entry, check);
    } else if (key == "hash_logits_check") {
      check_hash_logits(value, check);
    } else {
      check.equal(key, ours.value(key, json()), value);
    }
    check.count();
  }
}

}  // namespace acestep::golden
