// Kind acoustic/text_encoder: hidden states and embeddings of the text encoder.
#include "models/text_encoder.h"

#include "golden/lm/kinds.h"
#include "weights/safetensors_source.h"
#include "weights/weight_scope.h"

namespace acestep::golden {

void run_text_encoder(const Case& the_case, Check& check) {
  const auto folder = the_case.checkpoints / the_case.entry.at("model").get<std::string>();
  const auto source = weights::open_model_folder(folder);
  weights::WeightReader reader(*source, {.device = at::kCPU, .dtype = at::kFloat},
                               "the text encoder");
  const models::TextEncoder encoder(reader.root(),
                                    models::read_qwen3_config(folder / "config.json"));
  reader.finish();

  const at::Tensor& ids = the_case.tensor("in.input_ids");
  check.tensor("out.last_hidden_state", encoder.encode(ids));
  check.tensor("out.last_hidden_state_with_mask",
               encoder.encode_masked(ids, the_case.tensor("in.attention_mask")));
  check.tensor("out.lyric_embeddings", encoder.embed(ids));
  const std::vector<at::Tensor> layers = encoder.trace(ids);
  for (size_t i = 0; i < layers.size(); ++i) {
    check.tensor("mid.layer" + std::to_string(i), layers[i]);
  }
}

}  // namespace acestep::golden
