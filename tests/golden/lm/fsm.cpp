// Kind lm/fsm: the grammar step by step over hash-made logits, every mask bit for bit.
#include <ATen/ATen.h>

#include <limits>

#include "golden/lm/given_values.h"
#include "golden/lm/kinds.h"
#include "golden/lm/lm_model.h"
#include "lm/metadata_grammar.h"
#include "util/sha256.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr size_t kShortHashDigits = 16;

std::string short_hash(const at::Tensor& tensor) {
  const at::Tensor flat = tensor.contiguous();
  return util::sha256_of(std::string_view(static_cast<const char*>(flat.data_ptr()), flat.nbytes()))
      .substr(0, kShortHashDigits);
}

lm::Phase phase_named(const std::string& name) {
  if (name == "codes") return lm::Phase::kCodes;
  if (name == "understand") return lm::Phase::kUnderstand;
  if (name != "cot") throw std::runtime_error("unknown generation_phase '" + name + "'");
  return lm::Phase::kCot;
}

std::optional<double> number_at(const json& config, const char* key) {
  if (!config.contains(key) || config[key].is_null()) return std::nullopt;
  return config[key].get<double>();
}

lm::GrammarOptions options_of(const json& config) {
  lm::GrammarOptions options;
  options.compat = lm::Compat::kReference;
  options.phase = phase_named(config.value("generation_phase", "cot"));
  options.is_enabled = config.value("enabled", true);
  options.stops_at_reasoning = config.value("stop_at_reasoning", false);
  options.skips_genres = config.value("skip_genres", true);
  options.skips_caption = config.value("skip_caption", false);
  options.skips_language = config.value("skip_language", false);
  options.given = given_values(config.value("user_metadata", json()));
  options.target_seconds = number_at(config, "target_duration");
  options.metadata_temperature = number_at(config, "metadata_temperature");
  options.codes_temperature = number_at(config, "codes_temperature");
  return options;
}

// The allowed ids as the data writes them: the list when it is short, else number and hash.
void describe_allowed(const at::Tensor& row, bool as_list, json& step) {
  const at::Tensor ids = row.isfinite().nonzero().squeeze(1);
  step["n"] = ids.size(0);
  if (as_list) {
    const auto* first = ids.data_ptr<int64_t>();
    step["a"] = std::vector<int64_t>(first, first + ids.size(0));
    return;
  }
  step["asha"] = short_hash(ids.to(at::kInt));
}

void describe_counters(const lm::MetadataGrammar::Counters& counters, json& step) {
  if (counters.position > 0) step["pos"] = counters.position;
  if (counters.queued > 0) step["q"] = counters.queued;
  if (counters.codes > 0) step["codes"] = counters.codes;
  if (counters.caption_tokens > 0) step["cap"] = counters.caption_tokens;
  if (counters.is_after_newline) step["nl"] = 1;
  if (counters.is_caption_ending) step["end"] = 1;
  if (!counters.pending_name.empty()) step["pend"] = counters.pending_name;
  if (!counters.value_ids.empty()) step["acc"] = counters.value_ids;
}

json run_step(lm::MetadataGrammar& grammar, at::Tensor row, const json& expected) {
  json step;
  if (expected.contains("b")) step["b"] = expected["b"];
  const lm::GrammarState before = grammar.state();
  grammar.apply(row);
  step["s"] = lm::state_name(before);
  if (!(grammar.state() == before)) step["call"] = lm::state_name(grammar.state());
  describe_allowed(row, expected.contains("a"), step);
  step["v"] = short_hash(row);
  const int64_t id = row.argmax().item<int64_t>();
  step["id"] = id;
  grammar.accept(id);
  step["to"] = lm::state_name(grammar.state());
  describe_counters(grammar.counters(), step);
  return step;
}

float override_value(const json& value) {
  if (value == "inf") return std::numeric_limits<float>::infinity();
  if (value == "-inf") return -std::numeric_limits<float>::infinity();
  if (value == "nan") return std::numeric_limits<float>::quiet_NaN();
  return value.get<float>();
}

void run_scenario(const lm::TokenTables& tables, const json& scenario, Check& check) {
  const auto name = scenario.at("name").get<std::string>();
  const text::Tokenizer& tokenizer = tables.tokenizer();
  lm::MetadataGrammar grammar(tables, options_of(scenario.at("config")),
                              tokenizer.encode(scenario.at("prompt").get<std::string>()));
  std::vector<int64_t> ids;
  for (const json& expected : scenario.at("steps")) {
    at::Tensor row = hash_logits(scenario.at("seed"), ids.size(), tables.vocab_size());
    for (const json& change : expected.value("b", json::array())) {
      row.data_ptr<float>()[change.at(0).get<int64_t>()] = override_value(change.at(1));
    }
    const json step = run_step(grammar, row, expected);
    check.equal(name + ", step " + std::to_string(ids.size()), step, expected);
    if (step != expected) return;  // what follows would only repeat the failure
    ids.push_back(step["id"]);
  }
  check.equal(name + ", ids", ids, scenario.at("ids"));
  check.equal(name + ", text", tokenizer.decode(ids), scenario.at("text"));
  check.equal(name + ", ended_by_eos", !ids.empty() && ids.back() == tokenizer.eos_id(),
              scenario.at("ended_by_eos"));
}

}  // namespace

void run_fsm(const Case& the_case, Check& check) {
  const text::Tokenizer tokenizer(lm_folder(the_case, "tokenizer"));
  std::map<int, lm::TokenTables> tables_by_limit;
  for (const json& scenario : the_case.data) {
    const int limit = scenario.at("config").value("max_duration", lm::kDurationMaxSeconds);
    const auto tables =
        tables_by_limit.try_emplace(limit, tokenizer, tokenizer.size(), limit, at::kCPU).first;
    run_scenario(tables->second, scenario, check);
    check.count();
  }
}

}  // namespace acestep::golden
