// Kind lm/logits: hidden states, logits, cached decoding and a left-padded batch of the model.
#include <ATen/ATen.h>

#include "golden/lm/kinds.h"
#include "golden/lm/lm_model.h"

namespace acestep::golden {
namespace {

using models::HeadRows;

constexpr double kLogitsBound = 3e-4;  // absolute, float32 (golden/lm/README.md)
constexpr int64_t kProbeStride = 997;
constexpr int64_t kProbeRows = 16;

at::Tensor id_row(const std::vector<int64_t>& ids) {
  return at::tensor(ids, at::TensorOptions().dtype(at::kLong)).unsqueeze(0);
}

// All ids below the first audio code, then every 997th from it.
at::Tensor probe_ids(const GoldenLm& lm, int64_t expected_count) {
  const int64_t first = lm.tables.first_audio();
  const auto options = at::TensorOptions().dtype(at::kLong);
  return at::cat({at::arange(first, options),
                  at::arange(first, lm.model.vocab_size(), kProbeStride, options)})
      .narrow(0, 0, expected_count);
}

struct Prompt {
  std::string name;  // "logits.p0"
  std::vector<int64_t> ids;
  std::vector<int64_t> decode_ids;
  const nlohmann::json& entry;
};

void check_all_positions(const GoldenLm& lm, const Prompt& prompt, const at::Tensor& probes,
                         const Case& the_case, Check& check) {
  const at::Tensor embedded = lm.model.stack().embed(id_row(prompt.ids));
  std::vector<at::Tensor> hidden{embedded};
  const at::Tensor last = lm.model.stack().forward(embedded, {}, &hidden);
  hidden.back() = last;  // the data's last entry is normed
  for (size_t i = 0; the_case.has(prompt.name + ".hidden" + std::to_string(i)); ++i) {
    const std::string name = prompt.name + ".hidden" + std::to_string(i);
    check.tensor_absolute(name, hidden.at(i)[0], the_case.tensor(name), kLogitsBound);
  }
  const at::Tensor logits = lm.model.logits(last[0], HeadRows::kAll);
  check.tensor_absolute(prompt.name + ".last_logits", logits[-1],
                        the_case.tensor(prompt.name + ".last_logits"), kLogitsBound);
  check.tensor_absolute(
      prompt.name + ".probe_last16",
      logits.narrow(0, logits.size(0) - kProbeRows, kProbeRows).index_select(1, probes),
      the_case.tensor(prompt.name + ".probe_last16"), kLogitsBound);
  const at::Tensor best = logits.argmax(1);
  check.equal(
      prompt.name + ".argmax_all",
      std::vector<int64_t>(best.data_ptr<int64_t>(), best.data_ptr<int64_t>() + best.size(0)),
      prompt.entry.at("argmax_all"));
  const auto sums = prompt.entry.at("logsumexp_all").get<std::vector<double>>();
  check.tensor_absolute(prompt.name + ".logsumexp_all", logits.logsumexp(1),
                        at::tensor(sums, at::kDouble), kLogitsBound);
}

// The window of the head must hold the same logits as the whole head.
void check_window(const GoldenLm& lm, const at::Tensor& hidden, Check& check) {
  const models::HeadWindow& window = lm.model.window();
  const at::Tensor all = lm.model.logits(hidden, HeadRows::kAll);
  const at::Tensor expected = at::cat(
      {all.narrow(1, window.first, window.last - window.first), all.narrow(1, window.single, 1)},
      1);
  check.tensor_absolute("head window", lm.model.logits(hidden, HeadRows::kWindow), expected,
                        kLogitsBound);
}

void check_decoding(const GoldenLm& lm, const Prompt& prompt, const at::Tensor& probes,
                    const Case& the_case, Check& check) {
  const models::Qwen3& stack = lm.model.stack();
  const auto steps = static_cast<int64_t>(prompt.decode_ids.size());
  models::KvCache cache =
      stack.make_cache(1, static_cast<int64_t>(prompt.ids.size()) + steps, /*mask=*/{});
  stack.forward_cached(id_row(prompt.ids), cache);
  std::vector<at::Tensor> rows;
  for (const int64_t id : prompt.decode_ids) {
    const at::Tensor hidden = stack.forward_cached(id_row({id}), cache).select(1, 0);
    rows.push_back(lm.model.logits(hidden, HeadRows::kAll).index_select(1, probes));
    if (rows.size() == 1) check_window(lm, hidden, check);
  }
  const std::string probe_name = prompt.name + ".decode_probe";
  check.tensor_absolute(probe_name, at::cat(rows, 0), the_case.tensor(probe_name), kLogitsBound);
  if (!the_case.has(prompt.name + ".layer0_k_cache")) return;
  for (const auto& [label, tensors] :
       {std::pair{".layer0_k_cache", &cache.keys}, std::pair{".layer0_v_cache", &cache.values}}) {
    const std::string name = prompt.name + label;
    check.tensor_absolute(name, tensors->front()[0].narrow(1, 0, cache.used), the_case.tensor(name),
                          kLogitsBound);
  }
}

// The greedy steps: every token follows from the logits of the one before.
void check_greedy(const GoldenLm& lm, const Prompt& prompt, Check& check) {
  const models::Qwen3& stack = lm.model.stack();
  models::KvCache cache = stack.make_cache(
      1, static_cast<int64_t>(prompt.ids.size() + prompt.decode_ids.size()), /*mask=*/{});
  at::Tensor ids = id_row(prompt.ids);
  std::vector<int64_t> chosen;
  while (chosen.size() < prompt.decode_ids.size()) {
    const at::Tensor hidden = stack.forward_cached(ids, cache);
    const at::Tensor logits = lm.model.logits(hidden.select(1, hidden.size(1) - 1), HeadRows::kAll);
    chosen.push_back(logits.argmax(1).item<int64_t>());
    ids = id_row({chosen.back()});
  }
  check.equal(prompt.name + ".decode_ids", chosen, prompt.decode_ids);
}

void check_padded(const GoldenLm& lm, const nlohmann::json& entry, const Case& the_case,
                  Check& check) {
  std::vector<at::Tensor> ids;
  std::vector<at::Tensor> mask;
  for (const auto& row : entry.at("input_ids")) ids.push_back(id_row(row));
  for (const auto& row : entry.at("attention_mask")) mask.push_back(id_row(row));
  const at::Tensor& expected = the_case.tensor("logits.padded.probe_last");
  const at::Tensor probes = probe_ids(lm, expected.size(1));
  const at::Tensor batch = at::cat(ids, 0);
  const models::Qwen3& stack = lm.model.stack();

  const at::Tensor whole = stack.forward(stack.embed(batch), at::cat(mask, 0)).select(1, -1);
  check.tensor_absolute("padded, one forward",
                        lm.model.logits(whole, HeadRows::kAll).index_select(1, probes), expected,
                        kLogitsBound);
  models::KvCache cache = stack.make_cache(batch.size(0), batch.size(1), at::cat(mask, 0));
  const at::Tensor cached = stack.forward_cached(batch, cache).select(1, -1);
  check.tensor_absolute("logits.padded.probe_last",
                        lm.model.logits(cached, HeadRows::kAll).index_select(1, probes), expected,
                        kLogitsBound);
}

}  // namespace

void run_logits(const Case& the_case, Check& check) {
  const GoldenLm lm(lm_folder(the_case, "model"), lm::kDurationMaxSeconds);
  const nlohmann::json& data = the_case.data;
  const at::Tensor probes = probe_ids(lm, data.at("n_probe"));
  for (size_t i = 0; i < data.at("prompts").size(); ++i) {
    const nlohmann::json& entry = data["prompts"][i];
    const Prompt prompt{"logits.p" + std::to_string(i), entry.at("ids"), entry.at("decode_ids"),
                        entry};
    check.equal(prompt.name + ".ids", lm.tokenizer.encode(entry.at("text").get<std::string>()),
                entry.at("ids"));
    check_all_positions(lm, prompt, probes, the_case, check);
    check_decoding(lm, prompt, probes, the_case, check);
    check_greedy(lm, prompt, check);
    check.count();
  }
  check_padded(lm, data.at("padded"), the_case, check);
  check.count();
}

}  // namespace acestep::golden
