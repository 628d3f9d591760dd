// Model files: what is written is read back bit for bit, and damaged files are refused.
#include <ATen/ATen.h>

#include <cstddef>
#include <span>
#include <string>

#include "selftest/check.h"
#include "util/atomic_file.h"
#include "util/mapped_file.h"
#include "weights/safetensors_source.h"
#include "weights/tensor_file_writer.h"
#include "weights/torch_archive.h"
#include "weights/torch_tensor_file.h"
#include "weights/weight_scope.h"

namespace acestep::selftest {
namespace {

namespace fs = std::filesystem;

std::string content_of(const fs::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  return {reinterpret_cast<const char*>(mapped.bytes().data()), mapped.bytes().size()};
}

fs::path three_tensors(Workshop& workshop) {
  const fs::path file = workshop.new_path(".safetensors");
  weights::write_tensors(file, {{"a.weight", random_tensor({3, 5}, 1)},
                                {"b.weight", random_tensor({7}, 2).to(at::kBFloat16)},
                                {"c.weight", random_tensor({2, 2}, 3).to(at::kHalf)}});
  return file;
}

void check_safetensors(Expect& expect, Workshop& workshop) {
  const auto source = weights::open_safetensors(three_tensors(workshop));
  expect.same("the number of tensors", static_cast<int64_t>(source->names().size()), 3);
  expect.near("float32", source->tensor("a.weight"), random_tensor({3, 5}, 1), 0.0);
  expect.near("bfloat16", source->tensor("b.weight"), random_tensor({7}, 2).to(at::kBFloat16), 0.0);
  expect.near("float16", source->tensor("c.weight"), random_tensor({2, 2}, 3).to(at::kHalf), 0.0);
}

void check_damaged_safetensors(Expect& expect, Workshop& workshop) {
  const std::string whole = content_of(three_tensors(workshop));
  const auto refused = [&](const std::string& what, const std::string& bytes) {
    const fs::path file = workshop.new_path(".safetensors");
    util::write_atomically(file, bytes);
    expect.refused(what, ErrorCode::kModel, [&] { weights::open_safetensors(file); });
  };
  refused("a cut file", whole.substr(0, whole.size() - 1));
  refused("a file with bytes behind it", whole + "x");
  refused("an empty file", "");
  std::string huge = whole;
  huge[7] = '\x7F';  // the header's length, in little-endian order
  refused("a header of 2^62 bytes", huge);
  std::string shape = whole;
  shape.replace(shape.find("[3,5]"), 5, "[3,6]");
  refused("a shape that does not fit its bytes", shape);
}

void check_torch_file(Expect& expect, Workshop& workshop) {
  const at::Tensor values = random_tensor({1, 4, 6}, 4);
  const std::span<const std::byte> bytes(static_cast<const std::byte*>(values.const_data_ptr()),
                                         values.nbytes());
  const fs::path file = workshop.new_path(".pt");
  util::write_atomically(
      file, weights::write_torch_archive({"x", weights::StoredType::kF32, {1, 4, 6}, bytes}));
  expect.near("the tensor", weights::read_torch_tensor(file), values, 0.0);
  const std::string whole = content_of(file);
  util::write_atomically(file, whole.substr(0, whole.size() / 2), util::Existing::kReplace);
  expect.refused("a cut file", ErrorCode::kModel, [&] { weights::read_torch_tensor(file); });
}

void check_binding(Expect& expect, Workshop& workshop) {
  const auto source = weights::open_safetensors(three_tensors(workshop));
  weights::WeightReader exact(*source, {}, "self test");
  exact.root().scope("a").take("weight", {3, 5});
  exact.root().scope("b").take("weight", {7});
  const at::Tensor half = exact.root().scope("c").take("weight", {2, 2});
  exact.finish();
  expect.is_true("weights arrive in the asked type", half.scalar_type() == at::kFloat);
  weights::WeightReader wrong(*source, {}, "self test");
  wrong.root().scope("a").take("weight", {5, 3});
  wrong.root().scope("missing").take("weight", {1});
  expect.refused("missing, extra and misshapen tensors", ErrorCode::kModel,
                 [&] { wrong.finish(); });
}

}  // namespace

std::vector<Check> weight_checks() {
  return {
      {"weights.safetensors", "three number types read back bit for bit", check_safetensors},
      {"weights.damaged", "cut, stretched and lying files are refused", check_damaged_safetensors},
      {"weights.torch_file", "a tensor of torch.save, whole and cut", check_torch_file},
      {"weights.binding", "every tensor fits or is named", check_binding}};
}

}  // namespace acestep::selftest
