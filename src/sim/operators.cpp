#include "sim/operators.h"

#include <ATen/EmptyTensor.h>
#include <torch/library.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/bridge.h"
#include "sim/device_check.h"
#include "sim/generator.h"
#include "sim/heap.h"
#include "sim/memory.h"
#include "sim/simulated_gpu.h"

namespace acestep::sim {
namespace {

using at::Tensor;

constexpr auto kDeviceKey = c10::DispatchKey::PrivateUse1;

bool is_here(const Tensor& tensor) { return tensor.defined() && is_simulated(tensor.device()); }

Tensor lend_if_here(Bridge& bridge, const Tensor& tensor) {
  return is_here(tensor) ? bridge.lend(tensor) : tensor;
}

// The argument as the CPU's kernel wants it.
void lend(Bridge& bridge, c10::IValue& value, const c10::Argument& argument) {
  if (value.isTensor()) {
    value = lend_if_here(bridge, value.toTensor());
  } else if (value.isTensorList()) {
    std::vector<Tensor> tensors = value.toTensorVector();
    for (Tensor& tensor : tensors) tensor = lend_if_here(bridge, tensor);
    value = c10::List<Tensor>(tensors);
  } else if (value.isOptionalTensorList()) {
    c10::List<std::optional<Tensor>> tensors;
    for (const std::optional<Tensor>& tensor : value.toOptionalTensorVector()) {
      tensors.push_back(tensor ? std::optional(lend_if_here(bridge, *tensor)) : std::nullopt);
    }
    value = std::move(tensors);
  } else if (value.isDevice() && is_simulated(value.toDevice())) {
    value = c10::Device(c10::kCPU);
  } else if (value.isGenerator()) {
    value = host_generator(value.toGenerator());
  } else if (value.isNone() && argument.name() == "generator") {
    value = host_generator(default_generator());
  }
}

void take(Bridge& bridge, c10::IValue& value) {
  if (value.isTensor()) {
    value = bridge.take(value.toTensor());
  } else if (value.isTensorList()) {
    std::vector<Tensor> tensors = value.toTensorVector();
    for (Tensor& tensor : tensors) tensor = bridge.take(tensor);
    value = c10::List<Tensor>(tensors);
  }
}

// Any operator: the CPU's kernel on the same memory.
void run_on_cpu(const c10::OperatorHandle& op, torch::jit::Stack* stack) {
  check_devices(op, *stack);
  const auto& arguments = op.schema().arguments();
  const std::size_t first = stack->size() - arguments.size();
  Bridge bridge;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    lend(bridge, (*stack)[first + i], arguments[i]);
  {
    const at::AutoDispatchBelowADInplaceOrView kernels_only;
    op.redispatchBoxed(c10::DispatchKeySet(c10::DispatchKey::CPU), stack);
  }
  bridge.follow_host();
  const std::size_t results = op.schema().returns().size();
  for (std::size_t i = stack->size() - results; i < stack->size(); ++i) take(bridge, (*stack)[i]);
}

void refuse_pinning(std::optional<bool> pin_memory) {
  TORCH_CHECK(!pin_memory.value_or(false), "Only dense CPU tensors can be pinned");
}

Tensor guarded(Tensor tensor) {
  guard_against_host(tensor.storage());
  return tensor;
}

Tensor empty(c10::IntArrayRef sizes, std::optional<c10::ScalarType> dtype,
             std::optional<c10::Layout>, std::optional<c10::Device>, std::optional<bool> pin_memory,
             std::optional<c10::MemoryFormat> format) {
  refuse_pinning(pin_memory);
  return guarded(at::detail::empty_generic(sizes, &allocator(), c10::DispatchKeySet(kDeviceKey),
                                           c10::dtype_or_default(dtype), format));
}

Tensor empty_strided(c10::IntArrayRef sizes, c10::IntArrayRef strides,
                     std::optional<c10::ScalarType> dtype, std::optional<c10::Layout>,
                     std::optional<c10::Device>, std::optional<bool> pin_memory) {
  refuse_pinning(pin_memory);
  return guarded(at::detail::empty_strided_generic(
      sizes, strides, &allocator(), c10::DispatchKeySet(kDeviceKey), c10::dtype_or_default(dtype)));
}

// The one way between host and device, and within the device.
Tensor copy_from(const Tensor& from, const Tensor& to, bool /*non_blocking*/) {
  if (!is_here(from)) heap().count_to_device(to.nbytes());
  if (!is_here(to)) heap().count_to_host(from.nbytes());
  Bridge bridge;
  const Tensor host_from = lend_if_here(bridge, from);
  const at::AutoDispatchBelowADInplaceOrView kernels_only;
  lend_if_here(bridge, to).copy_(host_from);
  return to;
}

Tensor copy_from_and_resize(const Tensor& from, const Tensor& to) {
  to.resize_(from.sizes());
  return copy_from(from, to, false);
}

// Work is done when a call returns: memory is never given back too early.
void record_stream(Tensor& /*tensor*/, c10::Stream /*stream*/) {}

// Operators made of others on every device, which are taken whole here: on CUDA each is one kernel
// or a choice of kernels, without intermediate tensors.
constexpr std::array kWholeOperators = {"convolution", "linear", "matmul", "rms_norm",
                                        "scaled_dot_product_attention"};

constexpr std::array kOwnOperators = {"empty.memory_format", "empty_strided", "_copy_from",
                                      "_copy_from_and_resize"};

// What the CPU has a kernel for, as libtorch's names with overloads.
std::vector<std::string> operators_of_cpu() {
  std::vector<std::string> names;
  auto& dispatcher = c10::Dispatcher::singleton();
  for (const c10::OperatorName& name : dispatcher.getAllOpNames()) {
    if (name.getNamespace() != "aten") continue;
    const auto op = dispatcher.findOp(name);
    if (!op || !op->hasKernelForDispatchKey(c10::DispatchKey::CPU)) continue;
    const std::string full = c10::toString(name).substr(std::string_view("aten::").size());
    const bool is_own =
        std::find(kOwnOperators.begin(), kOwnOperators.end(), full) != kOwnOperators.end();
    if (!is_own) names.push_back(full);
  }
  return names;
}

}  // namespace

void register_operators() {
  using torch::Library;
  const auto run_kernel = [] { return torch::CppFunction::makeFromBoxedFunction<&run_on_cpu>(); };
  // For good: libtorch forgets operators with their Library.
  static auto* const any = new Library(Library::IMPL, "_", kDeviceKey, __FILE__, __LINE__);
  any->fallback(run_kernel());
  static auto* const aten = new Library(Library::IMPL, "aten", kDeviceKey, __FILE__, __LINE__);
  aten->impl("empty.memory_format", &empty);
  aten->impl("empty_strided", &empty_strided);
  aten->impl("_copy_from", &copy_from);
  aten->impl("_copy_from_and_resize", &copy_from_and_resize);
  aten->impl("record_stream", &record_stream);
  for (const char* name : kWholeOperators) aten->impl(name, run_kernel());
  // Not left to the fallback: without a kernel of its own a device gets libtorch's generic form
  // first, which is another sequence of operations and looks at the device's memory.
  for (const std::string& name : operators_of_cpu()) aten->impl(name.c_str(), run_kernel());
}

}  // namespace acestep::sim
