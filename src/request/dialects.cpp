#include "request/dialects.h"

#include <string>
#include <string_view>
#include <vector>

#include "request/entries.h"
#include "request/text.h"
#include "util/error.h"

namespace acestep::request {
namespace {

struct Dialect {
  std::string name;
  std::vector<std::string_view> marks;  // keys that only this dialect has
  void (*translate)(Document&);
};

const std::vector<Dialect>& dialects() {
  static const std::vector<Dialect> list = {
      {"acestep.cpp",
       {"synth_model", "vae", "solver", "stork_substeps", "custom_timesteps", "output_format",
        "peak_clip", "lm_batch_size", "synth_batch_size", "lm_mode", "adapter"},
       translate_acestep_cpp},
      {"reference sidecar",
       {"lora_loaded", "use_lora", "lora_weights_hash", "retake_seed_value",
        "session_artifact_file", "session_artifact_kind"},
       translate_reference_sidecar},
      {"simple mode", {"description"}, translate_simple_mode},
  };
  return list;
}

// We call a model lm_model too, but only acestep.cpp reads GGUF files.
bool names_gguf(const Entry& entry) {
  return entry.key == "lm_model" && entry.value.is_string() &&
         entry.value.get<std::string>().ends_with(".gguf");
}

// The first key that marks the dialect; nullptr: none does.
const Entry* mark_of(const Document& document, const Dialect& dialect) {
  for (const std::string_view mark : dialect.marks) {
    if (const Entry* entry = find_entry(document, mark)) return entry;
  }
  if (dialect.translate != translate_acestep_cpp) return nullptr;
  for (const Entry& entry : document.entries) {
    if (names_gguf(entry)) return &entry;
  }
  return nullptr;
}

}  // namespace

void translate_dialect(Document& document) {
  const Dialect* found = nullptr;
  std::string mark;
  for (const Dialect& dialect : dialects()) {
    const Entry* entry = mark_of(document, dialect);
    if (entry == nullptr) continue;
    if (found != nullptr) {
      throw Error(ErrorCode::kUsage,
                  document.name + ": key " + in_quotes(mark) + " belongs to the dialect '" +
                      found->name + "', key " + in_quotes(entry->key) + " to '" + dialect.name +
                      "'; expected the keys of one of them",
                  "acestep config convert brings each of them to acestep's own names");
    }
    found = &dialect;
    mark = entry->key;
  }
  if (found == nullptr) return;
  document.dialect = found->name;
  found->translate(document);
}

void translate_simple_mode(Document& document) {
  const auto description = take_entry(document, "description");
  if (description && !is_open(*description)) {
    put_entry(document, "description", "sample_query", *description);
  } else {
    put_entry(document, "description", "sample_mode", true);  // a song of its own choice
  }
}

void adopt_prompt(Document& document) {
  const Entry* prompt = find_entry(document, "prompt");
  if (prompt == nullptr || is_open(prompt->value)) return;
  const Entry* caption = find_entry(document, "caption");
  if (caption != nullptr && !is_open(caption->value)) return;
  take_entry(document, "caption");
  for (Entry& entry : document.entries) {
    if (entry.key == "prompt") entry.key = "caption";
  }
}

}  // namespace acestep::request
