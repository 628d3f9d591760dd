#include "condition/context.h"

#include <ATen/ATen.h>

namespace acestep::condition {

at::Tensor silence_frames(const at::Tensor& silence, int64_t frames) {
  const int64_t available = silence.size(1);
  if (frames <= available) return silence.slice(1, 0, frames);
  const int64_t repeats = (frames + available - 1) / available;
  return silence.repeat({1, repeats, 1}).slice(1, 0, frames);
}

at::Tensor fit_frames(const at::Tensor& latents, const at::Tensor& silence, int64_t frames) {
  const int64_t missing = frames - latents.size(1);
  if (missing <= 0) return latents.slice(1, 0, frames);
  return at::cat({latents, silence_frames(silence, missing).to(latents.scalar_type())}, 1);
}

at::Tensor hints_from_codes(const std::vector<int64_t>& codes,
                            const models::AudioTokenizer& tokenizer,
                            const models::AudioDetokenizer& detokenizer, at::Device device) {
  const auto options = at::TensorOptions(at::kLong).device(at::kCPU);
  const at::Tensor indices = at::tensor(codes, options).view({1, -1, 1}).to(device);
  return detokenizer(tokenizer.quantizer().quantized_from_indices(indices));
}

at::Tensor hints_from_source(const at::Tensor& source, const at::Tensor& silence,
                             const models::AudioTokenizer& tokenizer,
                             const models::AudioDetokenizer& detokenizer) {
  const at::Tensor all_valid = at::ones({source.size(0), source.size(1)}, source.options());
  const auto tokens = tokenizer(source, silence, all_valid);
  return detokenizer(tokens.quantized).slice(1, 0, source.size(1));
}

at::Tensor make_context(const at::Tensor& source, const at::Tensor& chunk) {
  const at::Tensor marked = chunk.dim() == 2 ? chunk.unsqueeze(-1) : chunk;
  return at::cat({source, marked.to(source.options()).expand_as(source)}, 2);
}

at::Tensor replace_covers(const at::Tensor& source, const at::Tensor& hints,
                          const at::Tensor& is_cover) {
  const at::Tensor chosen = is_cover.to(source.device()).to(at::kBool).view({-1, 1, 1});
  return at::where(chosen, hints.slice(1, 0, source.size(1)).to(source.options()), source);
}

}  // namespace acestep::condition
