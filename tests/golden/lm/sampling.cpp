// Kind lm/sampling: penalty, filters, probabilities, seeded draws and guidance.
#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

#include "golden/lm/kinds.h"
#include "lm/guidance.h"
#include "lm/sampler.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr double kSamplingBound = 1e-6;  // absolute; kept ids and draws are exact

at::Generator seeded(uint64_t seed) { return at::make_generator<at::CPUGeneratorImpl>(seed); }

lm::SamplingOptions options_of(const json& row) {
  lm::SamplingOptions options;
  options.temperature = row.at("temperature");
  if (!row.at("top_k").is_null()) options.top_k = row["top_k"];
  if (!row.at("top_p").is_null()) options.top_p = row["top_p"];
  options.repetition_penalty = row.at("repetition_penalty");
  return options;
}

json kept_ids(const at::Tensor& row) {
  const at::Tensor ids = row.isfinite().nonzero().squeeze(1);
  const auto* first = ids.data_ptr<int64_t>();
  return std::vector<int64_t>(first, first + ids.size(0));
}

struct Row {
  std::string name;  // "s.3"
  const json& entry;
  lm::SamplingOptions options;
};

void check_row_tensor(const Row& row, const char* part, const at::Tensor& actual,
                      const Case& the_case, Check& check) {
  const std::string name = row.name + part;
  check.tensor_absolute(name, actual.unsqueeze(0), the_case.tensor(name), kSamplingBound);
}

void check_pytorch_order(const Row& row, const Case& the_case, Check& check) {
  const auto history = row.entry.at("history").get<std::vector<int64_t>>();
  at::Tensor logits = the_case.tensor(row.name + ".in")[0].clone();
  lm::penalise_repetition(logits, history, row.options.repetition_penalty);
  check_row_tensor(row, ".pt_after_penalty", logits, the_case, check);
  lm::keep_top_k(logits, row.options.top_k);
  lm::keep_top_p(logits, row.options.top_p);
  check_row_tensor(row, ".pt_filtered", logits, the_case, check);
  check.equal(row.name + ".pt_kept", kept_ids(logits), row.entry.at("pt_kept"));
  if (the_case.has(row.name + ".pt_probs")) {
    check_row_tensor(row, ".pt_probs", lm::probabilities(logits, row.options.temperature), the_case,
                     check);
  }
  for (const json& draws : row.entry.at("pt_samples")) {
    const at::Generator generator = seeded(draws.at("seed"));
    std::vector<int64_t> ids;
    while (ids.size() < draws.at("ids").size()) {
      ids.push_back(lm::sample(the_case.tensor(row.name + ".in")[0].clone(), history, row.options,
                               lm::TemperatureOrder::kAfterFilters, generator));
    }
    check.equal(row.name + ".pt_samples", ids, draws.at("ids"));
  }
}

void check_engine_order(const Row& row, const Case& the_case, Check& check) {
  if (!row.entry.contains("vllm_kept")) return;
  const at::Tensor filtered = lm::engine::filter(the_case.tensor(row.name + ".in")[0], row.options);
  check_row_tensor(row, ".vllm_filtered", filtered, the_case, check);
  check.equal(row.name + ".vllm_kept", kept_ids(filtered), row.entry.at("vllm_kept"));
  for (const json& draws : row.entry.at("vllm_samples")) {
    const at::Generator generator = seeded(draws.at("seed"));
    std::vector<int64_t> ids;
    while (ids.size() < draws.at("ids").size()) {
      ids.push_back(lm::engine::choose(filtered, generator));
    }
    check.equal(row.name + ".vllm_samples", ids, draws.at("ids"));
  }
}

void check_guidance(const json& entry, const std::string& name, const Case& the_case,
                    Check& check) {
  const at::Tensor conditional = the_case.tensor(name + ".cond");
  const at::Tensor unconditional = the_case.tensor(name + ".uncond");
  const double scale = entry.at("scale");
  at::Tensor guided = lm::guide_all(conditional, unconditional, scale);
  if (entry.contains("completion_ids")) {
    guided = lm::engine::guide(conditional[0], unconditional[0], scale, entry["completion_ids"],
                               entry.at("penalty"))
                 .unsqueeze(0);
  }
  check.tensor_absolute(name + ".out", guided, the_case.tensor(name + ".out"), kSamplingBound);
}

}  // namespace

void run_sampling(const Case& the_case, Check& check) {
  const json& data = the_case.data;
  for (size_t i = 0; i < data.at("rows").size(); ++i) {
    const json& entry = data["rows"][i];
    const Row row{"s." + std::to_string(i), entry, options_of(entry)};
    check_pytorch_order(row, the_case, check);
    check_engine_order(row, the_case, check);
    check.count();
  }
  for (const char* list : {"cfg", "engine"}) {
    for (size_t i = 0; i < data.at(list).size(); ++i) {
      check_guidance(data[list][i], "s." + std::string(list) + std::to_string(i), the_case, check);
      check.count();
    }
  }
}

}  // namespace acestep::golden
