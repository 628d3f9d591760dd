#include "sim/bridge.h"

#include <ATen/ATen.h>

#include "sim/memory.h"
#include "sim/simulated_gpu.h"

namespace acestep::sim {
namespace {

constexpr c10::DispatchKeySet kHostKey(c10::DispatchKey::CPU);
constexpr c10::DispatchKeySet kDeviceKey(c10::DispatchKey::PrivateUse1);

// The same view of another storage.
at::Tensor view_on(c10::Storage storage, c10::DispatchKeySet key, const at::Tensor& like) {
  at::Tensor tensor =
      at::detail::make_tensor<c10::TensorImpl>(std::move(storage), key, like.dtype());
  c10::TensorImpl& impl = *tensor.unsafeGetTensorImpl();
  impl.set_sizes_and_strides(like.sizes(), like.strides(), like.storage_offset());
  if (like.unsafeGetTensorImpl()->is_wrapped_number()) impl.set_wrapped_number(true);
  if (like.is_conj()) impl._set_conj(true);
  if (like.is_neg()) impl._set_neg(true);
  return tensor;
}

bool have_same_layout(const at::Tensor& a, const at::Tensor& b) {
  return a.sizes() == b.sizes() && a.strides() == b.strides() &&
         a.storage_offset() == b.storage_offset();
}

}  // namespace

at::Tensor Bridge::lend(const at::Tensor& tensor) {
  for (const Pair& pair : pairs_) {
    if (pair.device.is_same(tensor)) return pair.host;
  }
  at::Tensor host = view_on(host_storage(tensor.storage()), kHostKey, tensor);
  pairs_.push_back({tensor, host});
  return host;
}

at::Tensor Bridge::take(const at::Tensor& result) {
  if (!result.defined() || !result.device().is_cpu()) return result;
  TORCH_CHECK(result.layout() == at::kStrided, "the simulated GPU has no tensors of layout ",
              result.layout());
  for (const Pair& pair : pairs_) {
    if (pair.host.is_same(result)) return pair.device;
  }
  for (const Pair& pair : pairs_) {
    if (pair.host.storage().is_alias_of(result.storage())) {
      return view_on(pair.device.storage(), kDeviceKey, result);
    }
  }
  at::Tensor taken = view_on(adopt(result.storage()), kDeviceKey, result);
  pairs_.push_back({taken, result});
  return taken;
}

void Bridge::follow_host() const {
  for (const Pair& pair : pairs_) {
    sim::follow_host(pair.device.storage());
    if (have_same_layout(pair.device, pair.host)) continue;
    pair.device.unsafeGetTensorImpl()->set_sizes_and_strides(pair.host.sizes(), pair.host.strides(),
                                                             pair.host.storage_offset());
  }
}

}  // namespace acestep::sim
