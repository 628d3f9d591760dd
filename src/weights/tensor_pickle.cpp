#include "weights/tensor_pickle.h"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>
#include <variant>

#include "util/error.h"

namespace acestep::weights {
namespace {

constexpr size_t kMaxPickleBytes = 64 * 1024;
constexpr size_t kMaxStack = 64;
constexpr size_t kMaxTuple = 16;
constexpr int kMaxNesting = 2;  // the tensor's arguments hold its shape

// The instructions torch.save uses for one tensor (Python's pickletools gives the names).
enum class Opcode : uint8_t {
  kProto = 0x80,
  kGlobal = 'c',
  kBinPut = 'q',
  kLongBinPut = 'r',
  kMark = '(',
  kBinUnicode = 'X',
  kBinInt = 'J',
  kBinInt1 = 'K',
  kBinInt2 = 'M',
  kEmptyTuple = ')',
  kTuple1 = 0x85,
  kTuple2 = 0x86,
  kTuple3 = 0x87,
  kTuple = 't',
  kBinPersId = 'Q',
  kNewTrue = 0x88,
  kNewFalse = 0x89,
  kReduce = 'R',
  kStop = '.',
};

struct Mark {};
struct RebuildTensor {};
struct OrderedDict {};
struct EmptyDict {};
struct Storage {
  StoredType type;
  std::string key;
  int64_t elements;
};
struct Value;
struct Tuple {
  std::vector<Value> items;
  int nesting = 0;
};
struct Value {
  std::variant<Mark, int64_t, bool, std::string, StoredType, RebuildTensor, OrderedDict, EmptyDict,
               Storage, Tuple, PickledTensor>
      held;
};

class Machine final {
 public:
  Machine(std::span<const std::byte> pickle, const std::string& file_name)
      : rest_(pickle), file_name_(file_name) {}

  PickledTensor run() {
    if (rest_.size() > kMaxPickleBytes) fail("is larger than 64 KiB");
    for (;;) {
      const auto opcode = static_cast<Opcode>(take_number(1));
      if (opcode == Opcode::kStop) return finish();
      if (!skip(opcode) && !push_value(opcode) && !build(opcode)) {
        fail("has the instruction " + std::to_string(static_cast<int>(opcode)) +
             ", which one tensor does not need");
      }
    }
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::kModel, file_name_ + ": the pickle " + what,
                "Only one float tensor, saved by torch.save, is accepted here.");
  }

  std::string_view take_bytes(size_t count) {
    if (count > rest_.size()) fail("is cut short");
    const std::string_view bytes(reinterpret_cast<const char*>(rest_.data()), count);
    rest_ = rest_.subspan(count);
    return bytes;
  }

  uint64_t take_number(size_t bytes) {
    uint64_t value = 0;
    int shift = 0;
    for (const char byte : take_bytes(bytes)) {
      value |= static_cast<uint64_t>(static_cast<unsigned char>(byte)) << shift;
      shift += 8;
    }
    return value;
  }

  std::string_view take_line() {
    const std::string_view all(reinterpret_cast<const char*>(rest_.data()), rest_.size());
    const size_t length = all.find('\n');
    if (length == std::string_view::npos) fail("is cut short");
    const std::string_view line = take_bytes(length);
    take_bytes(1);
    return line;
  }

  template <typename T>
  void push(T value) {
    if (stack_.size() == kMaxStack) fail("is nested too deeply");
    stack_.push_back({std::move(value)});
  }

  template <typename T>
  T pop(const char* expected) {
    if (stack_.empty() || !std::holds_alternative<T>(stack_.back().held)) {
      fail(std::string("lacks ") + expected);
    }
    T value = std::get<T>(std::move(stack_.back().held));
    stack_.pop_back();
    return value;
  }

  // Whether `opcode` is one of those that leave the stack alone. Remembered values are never
  // recalled by a single tensor, so there is no memory to write.
  bool skip(Opcode opcode) {
    if (opcode == Opcode::kBinPut) {
      take_number(1);
    } else if (opcode == Opcode::kLongBinPut) {
      take_number(4);
    } else if (opcode == Opcode::kProto) {
      if (take_number(1) != 2) fail("is not of protocol 2");
    } else {
      return false;
    }
    return true;
  }

  // Whether `opcode` is one of those that push a value found in the pickle.
  bool push_value(Opcode opcode) {
    switch (opcode) {
      case Opcode::kMark:
        push(Mark{});
        return true;
      case Opcode::kBinUnicode:
        push(std::string(take_bytes(take_number(4))));
        return true;
      case Opcode::kBinInt:
        push(static_cast<int64_t>(static_cast<int32_t>(take_number(4))));
        return true;
      case Opcode::kBinInt1:
        push(static_cast<int64_t>(take_number(1)));
        return true;
      case Opcode::kBinInt2:
        push(static_cast<int64_t>(take_number(2)));
        return true;
      case Opcode::kNewTrue:
      case Opcode::kNewFalse:
        push(opcode == Opcode::kNewTrue);
        return true;
      default:
        return false;
    }
  }

  // Whether `opcode` is one of those that make a value of others.
  bool build(Opcode opcode) {
    switch (opcode) {
      case Opcode::kGlobal:
        push_global();
        return true;
      case Opcode::kEmptyTuple:
        push_tuple(0);
        return true;
      case Opcode::kTuple1:
      case Opcode::kTuple2:
      case Opcode::kTuple3:
        push_tuple(1 + static_cast<size_t>(opcode) - static_cast<size_t>(Opcode::kTuple1));
        return true;
      case Opcode::kTuple:
        push_marked_tuple();
        return true;
      case Opcode::kBinPersId:
        push(make_storage(pop<Tuple>("a storage")));
        return true;
      case Opcode::kReduce:
        reduce();
        return true;
      default:
        return false;
    }
  }

  void push_global() {
    const std::string module(take_line());
    const std::string name = module + " " + std::string(take_line());
    if (name == "torch._utils _rebuild_tensor_v2") return push(RebuildTensor{});
    if (name == "collections OrderedDict") return push(OrderedDict{});
    if (name == "torch FloatStorage") return push(StoredType::kF32);
    if (name == "torch HalfStorage") return push(StoredType::kF16);
    if (name == "torch BFloat16Storage") return push(StoredType::kBF16);
    fail("names '" + name.substr(0, 100) + "', which one float tensor does not need");
  }

  void push_tuple(size_t count) {
    if (count > stack_.size()) fail("is cut short");
    Tuple tuple;
    for (size_t i = stack_.size() - count; i < stack_.size(); ++i) {
      if (const auto* inner = std::get_if<Tuple>(&stack_[i].held)) {
        tuple.nesting = std::max(tuple.nesting, inner->nesting + 1);
      }
      tuple.items.push_back(std::move(stack_[i]));
    }
    if (tuple.nesting > kMaxNesting) fail("is nested too deeply");
    stack_.resize(stack_.size() - count);
    push(std::move(tuple));
  }

  void push_marked_tuple() {
    size_t count = 0;
    while (count < stack_.size() &&
           !std::holds_alternative<Mark>(stack_[stack_.size() - 1 - count].held)) {
      ++count;
    }
    if (count == stack_.size() || count > kMaxTuple) fail("has a tuple without beginning");
    push_tuple(count);
    std::swap(stack_[stack_.size() - 2], stack_.back());
    stack_.pop_back();
  }

  template <typename T>
  T argument(Tuple& tuple, size_t index, const char* expected) const {
    if (index >= tuple.items.size() || !std::holds_alternative<T>(tuple.items[index].held)) {
      fail(std::string("lacks ") + expected);
    }
    return std::get<T>(std::move(tuple.items[index].held));
  }

  // ("storage", its class, entry name, device, elements)
  Storage make_storage(Tuple tuple) const {
    if (tuple.items.size() != 5 || argument<std::string>(tuple, 0, "a storage") != "storage") {
      fail("lacks a storage");
    }
    argument<std::string>(tuple, 3, "the storage's device");
    Storage storage{argument<StoredType>(tuple, 1, "the storage's type"),
                    argument<std::string>(tuple, 2, "the storage's entry"),
                    argument<int64_t>(tuple, 4, "the storage's size")};
    const bool is_digits = !storage.key.empty() && storage.key.size() <= 9 &&
                           storage.key.find_first_not_of("0123456789") == std::string::npos;
    if (!is_digits) fail("names a storage that is not a number");
    return storage;
  }

  std::vector<int64_t> make_sizes(Tuple tuple) const {
    std::vector<int64_t> sizes;
    for (size_t i = 0; i < tuple.items.size(); ++i) {
      sizes.push_back(argument<int64_t>(tuple, i, "whole numbers as shape and strides"));
      if (sizes.back() < 0) fail("has a negative size");
    }
    if (sizes.size() > kMaxRank) fail("has too many dimensions");
    return sizes;
  }

  // Applies one of the two known callables to the tuple on top.
  void reduce() {
    Tuple arguments = pop<Tuple>("arguments");
    if (!stack_.empty() && std::holds_alternative<OrderedDict>(stack_.back().held)) {
      pop<OrderedDict>("OrderedDict");
      if (!arguments.items.empty()) fail("fills an OrderedDict");
      return push(EmptyDict{});
    }
    pop<RebuildTensor>("a callable that one float tensor needs");
    if (arguments.items.size() != 6) fail("builds a tensor from the wrong number of arguments");
    const Storage storage = argument<Storage>(arguments, 0, "a storage");
    argument<bool>(arguments, 4, "the flag requires_grad");
    argument<EmptyDict>(arguments, 5, "the empty hooks");
    push(PickledTensor{.type = storage.type,
                       .storage = storage.key,
                       .storage_elements = storage.elements,
                       .offset = argument<int64_t>(arguments, 1, "an offset"),
                       .shape = make_sizes(argument<Tuple>(arguments, 2, "a shape")),
                       .strides = make_sizes(argument<Tuple>(arguments, 3, "strides"))});
  }

  PickledTensor finish() {
    if (!rest_.empty()) fail("goes on after its end");
    PickledTensor tensor = pop<PickledTensor>("a tensor at its end");
    if (!stack_.empty()) fail("holds more than one value");
    if (tensor.strides.size() != tensor.shape.size()) fail("has strides that do not fit the shape");
    return tensor;
  }

  std::span<const std::byte> rest_;
  const std::string& file_name_;
  std::vector<Value> stack_;
};

}  // namespace

PickledTensor read_tensor_pickle(std::span<const std::byte> pickle, const std::string& file_name) {
  return Machine(pickle, file_name).run();
}

}  // namespace acestep::weights
