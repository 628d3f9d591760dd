#include "sim/device_check.h"

#include <ATen/core/enum_tag.h>

#include <algorithm>
#include <array>
#include <functional>
#include <string_view>

#include "sim/simulated_gpu.h"

namespace acestep::sim {
namespace {

constexpr int64_t kMostScalarOperands = 2;  // libtorch's ternary operators take no CPU scalars

// Operators that take a single value off the CPU, and the argument that may be it.
struct ScalarArgument {
  std::string_view op;
  std::string_view argument;
};
constexpr std::array kScalarArguments = {
    ScalarArgument{"aten::fill", "value"},
    ScalarArgument{"aten::fill_", "value"},
    ScalarArgument{"aten::index_fill", "value"},
    ScalarArgument{"aten::index_fill_", "value"},
    ScalarArgument{"aten::index_put", "values"},
    ScalarArgument{"aten::index_put_", "values"},
    ScalarArgument{"aten::masked_fill", "value"},
    ScalarArgument{"aten::masked_fill_", "value"},
    ScalarArgument{"aten::where", "self"},
    ScalarArgument{"aten::where", "other"},
    ScalarArgument{"aten::_index_put_impl", "values"},
    ScalarArgument{"aten::_index_put_impl_", "values"},
};

constexpr std::array<std::string_view, 6> kTakeHostIndices = {
    "aten::index",      "aten::_unsafe_index",    "aten::index_put",
    "aten::index_put_", "aten::_index_put_impl_", "aten::_index_put_impl",
};

bool is_written(const c10::Argument& argument) {
  return argument.alias_info() != nullptr && argument.alias_info()->isWrite();
}

// Calls `visit` with every defined tensor of an argument.
void for_each_tensor(const c10::IValue& value,
                     const std::function<void(const at::Tensor&)>& visit) {
  if (value.isTensor()) {
    if (value.toTensor().defined()) visit(value.toTensor());
  } else if (value.isTensorList()) {
    for (const at::Tensor& tensor : value.toTensorVector()) {
      if (tensor.defined()) visit(tensor);
    }
  } else if (value.isOptionalTensorList()) {
    for (const std::optional<at::Tensor>& tensor : value.toOptionalTensorVector()) {
      if (tensor && tensor->defined()) visit(*tensor);
    }
  }
}

bool is_for_two_operands(const c10::OperatorHandle& op) {
  if (!op.hasTag(at::Tag::pointwise)) return false;
  const auto& arguments = op.schema().arguments();
  const auto operands = std::count_if(arguments.begin(), arguments.end(), [](const auto& argument) {
    return argument.type()->kind() == c10::TypeKind::TensorType && !argument.is_out();
  });
  return operands <= kMostScalarOperands;
}

// Would CUDA accept this CPU tensor?
bool is_accepted(const c10::OperatorHandle& op, const c10::Argument& argument,
                 const at::Tensor& tensor) {
  if (is_written(argument)) return false;
  const std::string& name = op.schema().name();
  if (argument.name() == "indices" &&
      std::find(kTakeHostIndices.begin(), kTakeHostIndices.end(), name) != kTakeHostIndices.end()) {
    return true;
  }
  if (tensor.dim() != 0) return false;
  const bool is_value = std::any_of(kScalarArguments.begin(), kScalarArguments.end(),
                                    [&](const ScalarArgument& known) {
                                      return known.op == name && known.argument == argument.name();
                                    });
  return is_value || is_for_two_operands(op);
}

}  // namespace

void check_devices(const c10::OperatorHandle& op, const torch::jit::Stack& stack) {
  const auto& arguments = op.schema().arguments();
  const std::size_t first = stack.size() - arguments.size();
  bool has_simulated = false;
  bool has_other = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for_each_tensor(stack[first + i], [&](const at::Tensor& tensor) {
      (is_simulated(tensor.device()) ? has_simulated : has_other) = true;
    });
  }
  if (!has_simulated || !has_other) return;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    for_each_tensor(stack[first + i], [&](const at::Tensor& tensor) {
      if (is_simulated(tensor.device())) return;
      TORCH_CHECK(tensor.device().is_cpu() && is_accepted(op, arguments[i], tensor),
                  "Expected all tensors to be on the same device, but argument '",
                  arguments[i].name(), "' of ", c10::toString(op.operator_name()), " is on ",
                  tensor.device(), ", others on ", device());
    });
  }
}

}  // namespace acestep::sim
