#include "models/qwen3.h"

#include <ATen/ATen.h>

#include <limits>

#include "nn/attention_pattern.h"
#include "util/error.h"

namespace acestep::models {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

// [heads + kv_heads, head_dim]
at::Tensor stacked_head_gains(const weights::WeightScope& scope, const Qwen3Config& config) {
  const int64_t dim = config.head_dim;
  return at::cat({scope.scope("q_norm").take("weight", {dim}).expand({config.heads, dim}),
                  scope.scope("k_norm").take("weight", {dim}).expand({config.kv_heads, dim})},
                 0);
}

// 0 where `allowed` is true, -inf elsewhere.
at::Tensor additive_bias(const at::Tensor& allowed, at::ScalarType dtype) {
  return at::zeros(allowed.sizes(), allowed.options().dtype(dtype))
      .masked_fill_(allowed.logical_not(), kMinusInfinity);
}

// [T, K] bool: new token t stands at column `first + t` and sees columns up to its own.
at::Tensor causal_columns(int64_t first, int64_t count, at::Device device) {
  const auto options = at::TensorOptions().dtype(at::kLong).device(device);
  const at::Tensor columns = at::arange(first + count, options);
  return columns.unsqueeze(0).le(columns.narrow(0, first, count).unsqueeze(1));
}

// Causal and not padding. A row that may see nothing (padding on the left) sees itself, so that no
// softmax runs over nothing; nobody reads its result.
at::Tensor masked_causal_bias(const at::Tensor& key_is_real, int64_t first, int64_t count,
                              at::ScalarType dtype) {
  const at::Tensor causal = causal_columns(first, count, key_is_real.device());
  const at::Tensor allowed = causal.unsqueeze(0).logical_and(key_is_real.unsqueeze(1));
  const at::Tensor sees_nothing = allowed.any(-1, /*keepdim=*/true).logical_not();
  const at::Tensor itself = causal.logical_and(at::ones_like(causal).tril(first - 1).logical_not());
  return additive_bias(allowed.logical_or(sees_nothing.logical_and(itself)), dtype).unsqueeze(1);
}

// One new token: the query heads that share a key head become the rows of one query, so that keys
// and values are read once. The bias broadcasts over those rows.
at::Tensor attend_one(const at::Tensor& q, const at::Tensor& k, const at::Tensor& v,
                      const AttentionSpan& span) {
  const at::Tensor grouped = q.reshape({q.size(0), k.size(1), q.size(1) / k.size(1), q.size(3)});
  return nn::attend(grouped, k, v, {.bias = span.bias}).reshape(q.sizes());
}

}  // namespace

Qwen3Attention::Qwen3Attention(const weights::WeightScope& scope, const Qwen3Config& config)
    : qkv_proj({{scope.scope("q_proj"), config.heads * config.head_dim},
                {scope.scope("k_proj"), config.kv_heads * config.head_dim},
                {scope.scope("v_proj"), config.kv_heads * config.head_dim}},
               config.hidden_size),
      o_proj(scope.scope("o_proj"), config.heads * config.head_dim, config.hidden_size),
      qk_norm(stacked_head_gains(scope, config), config.rms_norm_epsilon),
      heads(config.heads),
      kv_heads(config.kv_heads),
      head_dim(config.head_dim) {}

at::Tensor Qwen3Attention::operator()(const at::Tensor& x, const AttentionSpan& span,
                                      KvCache* cache, size_t layer) const {
  const int64_t batch = x.size(0);
  const int64_t count = x.size(1);
  const at::Tensor qkv = qkv_proj(x).view({batch, count, heads + 2 * kv_heads, head_dim});
  const at::Tensor qk = qk_norm(qkv.narrow(2, 0, heads + kv_heads));
  const at::Tensor rotated = nn::rotate(qk.transpose(1, 2), span.rotary);
  const at::Tensor q = rotated.narrow(1, 0, heads);
  at::Tensor k = rotated.narrow(1, heads, kv_heads);
  at::Tensor v = qkv.narrow(2, heads + kv_heads, kv_heads).transpose(1, 2);
  if (cache != nullptr) {
    cache->keys[layer].narrow(2, cache->used, count).copy_(k);
    cache->values[layer].narrow(2, cache->used, count).copy_(v);
    k = cache->keys[layer].narrow(2, 0, cache->used + count);
    v = cache->values[layer].narrow(2, 0, cache->used + count);
  }
  const at::Tensor mixed =
      count == 1 ? attend_one(q, k, v, span) : nn::attend(q, k, v, {span.bias, span.is_causal});
  return o_proj(mixed.transpose(1, 2).reshape({batch, count, heads * head_dim}));
}

Qwen3Mlp::Qwen3Mlp(const weights::WeightScope& scope, const Qwen3Config& config)
    : gate_up_proj({{scope.scope("gate_proj"), config.intermediate_size},
                    {scope.scope("up_proj"), config.intermediate_size}},
                   config.hidden_size),
      down_proj(scope.scope("down_proj"), config.intermediate_size, config.hidden_size) {}

at::Tensor Qwen3Mlp::operator()(const at::Tensor& x) const {
  const auto halves = gate_up_proj(x).chunk(2, -1);
  return down_proj(at::silu(halves[0]).mul_(halves[1]));
}

Qwen3Layer::Qwen3Layer(const weights::WeightScope& scope, const Qwen3Config& config)
    : input_layernorm(scope.scope("input_layernorm"), config.hidden_size, config.rms_norm_epsilon),
      self_attn(scope.scope("self_attn"), config),
      post_attention_layernorm(scope.scope("post_attention_layernorm"), config.hidden_size,
                               config.rms_norm_epsilon),
      mlp(scope.scope("mlp"), config) {}

at::Tensor Qwen3Layer::operator()(const at::Tensor& x, const AttentionSpan& span, KvCache* cache,
                                  size_t layer) const {
  const at::Tensor attended = x + self_attn(input_layernorm(x), span, cache, layer);
  return attended + mlp(post_attention_layernorm(attended));
}

Qwen3::Qwen3(const weights::WeightScope& scope, const Qwen3Config& config)
    : config_(config),
      device_(scope.placement().device),
      embed_tokens_(
          scope.scope("embed_tokens").take("weight", {config.vocab_size, config.hidden_size})),
      norm_(scope.scope("norm"), config.hidden_size, config.rms_norm_epsilon) {
  layers_.reserve(static_cast<size_t>(config.layers));
  for (int64_t i = 0; i < config.layers; ++i) {
    layers_.emplace_back(scope.scope("layers").scope(i), config);
  }
}

at::ScalarType Qwen3::activation_dtype() const {
  const at::ScalarType stored = embed_tokens_.scalar_type();
  return stored == at::kHalf ? at::kFloat : stored;
}

at::Tensor Qwen3::embed(const at::Tensor& ids) const {
  return at::embedding(embed_tokens_, ids).to(activation_dtype());
}

at::Tensor Qwen3::run_layers(at::Tensor x, const AttentionSpan& span, KvCache* cache,
                             std::vector<at::Tensor>* trace) const {
  for (size_t i = 0; i < layers_.size(); ++i) {
    x = layers_[i](x, span, cache, i);
    if (trace != nullptr) trace->push_back(x);
  }
  return norm_(x);
}

at::Tensor Qwen3::forward(const at::Tensor& x, const at::Tensor& mask,
                          std::vector<at::Tensor>* trace) const {
  const int64_t count = x.size(1);
  const nn::RotaryTable rotary =
      nn::make_rotary_table(0, count, config_.head_dim, config_.rope_theta, x.device());
  AttentionSpan span{rotary, {}, /*is_causal=*/true};
  if (mask.defined()) {
    span.bias = masked_causal_bias(mask.to(at::kBool), 0, count, x.scalar_type());
    span.is_causal = false;
  }
  return run_layers(x, span, nullptr, trace);
}

KvCache Qwen3::make_cache(int64_t batch, int64_t capacity, const at::Tensor& mask) const {
  const auto options = at::TensorOptions().dtype(activation_dtype()).device(device());
  KvCache cache;
  for (size_t i = 0; i < layers_.size(); ++i) {
    const std::vector<int64_t> shape{batch, config_.kv_heads, capacity, config_.head_dim};
    cache.keys.push_back(at::empty(shape, options));
    cache.values.push_back(at::empty(shape, options));
  }
  const nn::RotaryTable rotary =
      nn::make_rotary_table(0, capacity, config_.head_dim, config_.rope_theta, device());
  cache.rotary = {rotary.cos.to(activation_dtype()), rotary.sin.to(activation_dtype())};
  if (mask.defined() && !mask.to(at::kBool).all().item<bool>()) {
    const at::Tensor key_is_real = at::ones({batch, capacity}, options.dtype(at::kBool));
    key_is_real.narrow(1, 0, mask.size(1)).copy_(mask.to(at::kBool));
    cache.key_bias = additive_bias(key_is_real, activation_dtype()).unsqueeze(1).unsqueeze(1);
  }
  return cache;
}

at::Tensor Qwen3::forward_cached(const at::Tensor& ids, KvCache& cache) const {
  const int64_t count = ids.size(1);
  const int64_t total = cache.used + count;
  ACE_CHECK(total <= cache.capacity());
  const nn::RotaryTable rotary{cache.rotary.cos.narrow(0, cache.used, count),
                               cache.rotary.sin.narrow(0, cache.used, count)};
  AttentionSpan span{rotary, {}, /*is_causal=*/count > 1};
  if (cache.key_bias.defined()) span.bias = cache.key_bias.narrow(3, 0, total);
  if (count > 1 && (span.bias.defined() || cache.used > 0)) {
    const at::Tensor key_is_real =
        span.bias.defined() ? span.bias.flatten(1).eq(0)
                            : at::ones({ids.size(0), total}, ids.options().dtype(at::kBool));
    span.bias = masked_causal_bias(key_is_real, cache.used, count, activation_dtype());
    span.is_causal = false;
  }
  const at::Tensor x = run_layers(embed(ids), span, &cache, nullptr);
  cache.used = total;
  return x;
}

}  // namespace acestep::models
