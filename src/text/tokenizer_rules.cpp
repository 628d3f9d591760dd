#include "text/tokenizer_rules.h"

#include <optional>

#include "text/token_table.h"

namespace acestep::text {
namespace {

// A step, or the steps of a "Sequence" whose members stand under `list`.
std::vector<JsonView> steps_of(const std::optional<JsonView>& step, const char* list) {
  if (!step) return {};
  if (step->at("type").string() != "Sequence") return {*step};
  const JsonView members = step->at(list);
  std::vector<JsonView> steps;
  for (size_t i = 0; i < members.array().size(); ++i) steps.push_back(members.item(i));
  return steps;
}

[[noreturn]] void fail_unknown(const JsonView& step) {
  step.at("type").fail("is '" + step.at("type").string() + "', which is not supported");
}

Normalization read_normalization(const JsonView& root) {
  const std::vector<JsonView> steps = steps_of(root.find("normalizer"), "normalizers");
  if (steps.empty()) return Normalization::kNone;
  if (steps.size() > 1) root.at("normalizer").fail("has several steps, expected one");
  const std::string& type = steps[0].at("type").string();
  if (type == "NFC") return Normalization::kNfc;
  if (type == "NFD") return Normalization::kNfd;
  if (type == "NFKC") return Normalization::kNfkc;
  if (type == "NFKD") return Normalization::kNfkd;
  fail_unknown(steps[0]);
}

void check_byte_level(const JsonView& step) {
  if (step.at("type").string() != "ByteLevel") fail_unknown(step);
  // Both default to true in the format; the published files switch them off.
  for (const char* option : {"add_prefix_space", "use_regex"}) {
    const bool is_on = !step.find(option) || step.is_true(option);
    if (is_on) step.fail("has '" + std::string(option) + "' on, which is not supported");
  }
}

void read_pattern(const JsonView& split, TokenizerRules& rules) {
  if (split.at("type").string() != "Split") fail_unknown(split);
  const std::string& behavior = split.at("behavior").string();
  if (behavior != "Isolated") {
    split.at("behavior").fail("is '" + behavior + "', expected 'Isolated'");
  }
  if (split.is_true("invert")) split.at("invert").fail("is true, which is not supported");
  const JsonView pattern = split.at("pattern").at("Regex");
  rules.split_pattern = pattern.string();
  rules.split_origin = pattern.origin();
}

void read_pre_tokenizer(const JsonView& root, TokenizerRules& rules) {
  const std::vector<JsonView> steps = steps_of(root.at("pre_tokenizer"), "pretokenizers");
  if (steps.size() != 2) root.at("pre_tokenizer").fail("is not a Split followed by a ByteLevel");
  read_pattern(steps[0], rules);
  check_byte_level(steps[1]);
}

void read_template(const JsonView& step, TokenizerRules& rules) {
  const JsonView parts = step.at("single");
  bool is_after_text = false;
  for (size_t i = 0; i < parts.array().size(); ++i) {
    const JsonView part = parts.item(i);
    if (part.find("Sequence")) {
      if (is_after_text) part.fail("repeats the text");
      is_after_text = true;
      continue;
    }
    const std::string& name = part.at("SpecialToken").at("id").string();
    const JsonView ids = step.at("special_tokens").at(name).at("ids");
    std::vector<int64_t>& target = is_after_text ? rules.suffix_ids : rules.prefix_ids;
    for (size_t k = 0; k < ids.array().size(); ++k) {
      target.push_back(ids.item(k).integer(0, TokenTable::kLargestId));
    }
  }
  if (!is_after_text) parts.fail("leaves out the text");
}

void read_post_processor(const JsonView& root, TokenizerRules& rules) {
  for (const JsonView& step : steps_of(root.find("post_processor"), "processors")) {
    const std::string& type = step.at("type").string();
    if (type == "ByteLevel") continue;  // moves character offsets only
    if (type != "TemplateProcessing") fail_unknown(step);
    read_template(step, rules);
  }
}

}  // namespace

TokenizerRules read_rules(const JsonView& root) {
  TokenizerRules rules;
  rules.normalization = read_normalization(root);
  read_pre_tokenizer(root, rules);
  read_post_processor(root, rules);
  return rules;
}

}  // namespace acestep::text
