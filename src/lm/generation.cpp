#include "lm/generation.h"

#include <ATen/ATen.h>

#include <limits>
#include <utility>

#include "lm/guidance.h"
#include "util/error.h"
#include "util/stopwatch.h"

namespace acestep::lm {
namespace {

using models::HeadRows;

// The running state of one pass.
class PassLoop {
 public:
  PassLoop(const LanguageModel& model, const PassRequest& request, at::Generator generator)
      : model_(model), request_(request), generator_(std::move(generator)) {
    std::vector<std::vector<int64_t>> prompts{tokenizer().encode(request.prompt)};
    if (is_guided()) prompts.push_back(tokenizer().encode(request.unconditional_prompt));
    batch_ = make_prompt_batch(prompts, tokenizer().pad_id());
    seen_ = batch_.rows.front();
    if (request.grammar) grammar_.emplace(model.tables, *request.grammar, seen_);
  }

  void run(const TokenObserver& observer) {
    HeadRows rows = next_rows();
    const util::Stopwatch watch;
    at::Tensor logits = model_.decoder.read(batch_, request_.max_new_tokens, rows);
    prompt_seconds_ = watch.seconds();
    while (static_cast<int64_t>(new_ids_.size()) < request_.max_new_tokens) {
      const int64_t id = next_token(logits, rows);
      new_ids_.push_back(id);
      seen_.push_back(id);
      accept(id);
      if (observer) observer(static_cast<int64_t>(new_ids_.size()), request_.max_new_tokens);
      const bool is_last = id == tokenizer().eos_id() || id == tokenizer().pad_id();
      if (is_last || static_cast<int64_t>(new_ids_.size()) == request_.max_new_tokens) break;
      rows = next_rows();
      logits = model_.decoder.step(std::vector<int64_t>(batch_.rows.size(), id), rows);
    }
    model_.decoder.reset();
  }

  PassResult result() {
    PassResult result;
    result.prompt_ids = batch_.rows.front();
    result.prompt_padding = batch_.padding.front();
    if (is_guided()) {
      result.unconditional_ids = batch_.rows.back();
      result.unconditional_padding = batch_.padding.back();
    }
    result.text = tokenizer().decode(new_ids_);
    result.new_ids = std::move(new_ids_);
    if (grammar_) result.end_state = grammar_->state();
    result.prompt_seconds = prompt_seconds_;
    result.constraint_seconds = constraint_seconds_;
    return result;
  }

 private:
  const text::Tokenizer& tokenizer() const { return model_.tables.tokenizer(); }
  bool is_guided() const { return request_.cfg_scale > 1.0; }

  HeadRows next_rows() const {
    return grammar_ && grammar_->expects_code() ? HeadRows::kWindow : HeadRows::kAll;
  }

  int64_t next_token(const at::Tensor& logits, HeadRows rows) {
    reject_if_not_finite(logits);
    at::Tensor row = guided(logits, rows);
    constrain(row);
    // The reference hands unconstrained, unguided output to its library's own loop.
    const auto order = grammar_ || is_guided() ? TemperatureOrder::kAfterFilters
                                               : TemperatureOrder::kBeforeFilters;
    return sample(row, seen_, request_.sampling, order, generator_);
  }

  void reject_if_not_finite(const at::Tensor& logits) const {
    if (at::isfinite(logits.sum()).item<bool>()) return;
    throw Error(ErrorCode::kRejected,
                "compose: the language model's logits have NaN or Inf after " +
                    std::to_string(new_ids_.size()) + " tokens",
                "try --dtype fp32; if it stays, the model's files may be damaged");
  }

  void constrain(at::Tensor& row) {
    if (!grammar_) return;
    const util::Stopwatch watch;
    grammar_->apply(row);
    constraint_seconds_ += watch.seconds();
  }

  void accept(int64_t id) {
    if (!grammar_) return;
    const util::Stopwatch watch;
    grammar_->accept(id);
    constraint_seconds_ += watch.seconds();
  }

  // [V] float32, safe to change.
  at::Tensor guided(const at::Tensor& logits, HeadRows rows) const {
    const at::Tensor conditional = logits.select(0, 0);
    if (rows == HeadRows::kAll) {
      return is_guided() ? guide_all(conditional, logits.select(0, 1), request_.cfg_scale)
                         : conditional.clone();
    }
    return full_row(is_guided() ? guide(conditional, logits.select(0, 1), request_.cfg_scale)
                                : conditional);
  }

  // A draw needs the full width of the vocabulary, so that a seed gives the reference's tokens.
  at::Tensor full_row(const at::Tensor& window_logits) const {
    const models::HeadWindow& window = model_.decoder.window();
    const int64_t width = window.last - window.first;
    at::Tensor row = at::full({model_.decoder.vocab_size()},
                              -std::numeric_limits<float>::infinity(), window_logits.options());
    row.narrow(0, window.first, width).copy_(window_logits.narrow(0, 0, width));
    row.select(0, window.single).copy_(window_logits.select(0, width));
    return row;
  }

  const LanguageModel& model_;
  const PassRequest& request_;
  at::Generator generator_;
  PromptBatch batch_;
  std::optional<MetadataGrammar> grammar_;
  std::vector<int64_t> seen_;  // what the repetition penalty counts
  std::vector<int64_t> new_ids_;
  double prompt_seconds_ = 0.0;
  double constraint_seconds_ = 0.0;
};

}  // namespace

PassResult run_pass(const LanguageModel& model, const PassRequest& request, at::Generator generator,
                    const TokenObserver& observer) {
  const util::Stopwatch watch;
  PassLoop loop(model, request, std::move(generator));
  loop.run(observer);
  PassResult result = loop.result();
  result.seconds = watch.seconds();
  return result;
}

}  // namespace acestep::lm
