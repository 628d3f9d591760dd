#include "weights/torch_archive.h"

#include <cstdint>
#include <limits>

#include "util/error.h"
#include "weights/stored_zip_writer.h"

namespace acestep::weights {
namespace {

// The instructions are those of tensor_pickle.cpp; values are numbered as torch.save does, though
// nothing recalls them.
class Pickler final {
 public:
  Pickler& raw(std::string_view bytes) {
    out_ += bytes;
    return *this;
  }
  Pickler& remember() {
    out_ += 'q';
    return put(1, next_memory_++);
  }
  Pickler& text(std::string_view value) {
    out_ += 'X';
    return put(4, value.size()).raw(value).remember();
  }
  Pickler& global(std::string_view module, std::string_view name) {
    return raw("c").raw(module).raw("\n").raw(name).raw("\n").remember();
  }
  Pickler& integer(int64_t value) {
    ACE_CHECK(value >= 0 && value <= std::numeric_limits<int32_t>::max());
    if (value < 0x100) return raw("K").put(1, static_cast<uint64_t>(value));
    if (value < 0x10000) return raw("M").put(2, static_cast<uint64_t>(value));
    return raw("J").put(4, static_cast<uint64_t>(value));
  }
  Pickler& integers(const std::vector<int64_t>& values) {
    raw("(");
    for (const int64_t value : values) integer(value);
    return raw("t").remember();
  }
  std::string take() { return std::move(out_); }

 private:
  Pickler& put(size_t bytes, uint64_t value) {
    for (size_t i = 0; i < bytes; ++i) out_ += static_cast<char>(value >> (8 * i) & 0xFF);
    return *this;
  }

  std::string out_;
  uint64_t next_memory_ = 0;
};

std::string_view storage_class(StoredType type) {
  if (type == StoredType::kF32) return "FloatStorage";
  if (type == StoredType::kF16) return "HalfStorage";
  ACE_CHECK(type == StoredType::kBF16);
  return "BFloat16Storage";
}

std::vector<int64_t> contiguous_strides(const std::vector<int64_t>& shape) {
  std::vector<int64_t> strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

}  // namespace

std::string write_tensor_pickle(const PickledTensor& tensor) {
  Pickler pickler;
  pickler.raw("\x80\x02").global("torch._utils", "_rebuild_tensor_v2");
  pickler.raw("((").text("storage").global("torch", storage_class(tensor.type));
  pickler.text(tensor.storage).text("cpu").integer(tensor.storage_elements);
  pickler.raw("t").remember().raw("Q");
  pickler.integer(tensor.offset).integers(tensor.shape).integers(tensor.strides);
  pickler.raw("\x89").global("collections", "OrderedDict").raw(")R").remember();
  pickler.raw("t").remember().raw("R").remember().raw(".");
  return pickler.take();
}

std::string write_torch_archive(const TensorBytes& tensor) {
  PickledTensor pickled{.type = tensor.type,
                        .storage = "0",
                        .storage_elements = static_cast<int64_t>(tensor.bytes.size() /
                                                                 stored_type_bytes(tensor.type)),
                        .offset = 0,
                        .shape = tensor.shape,
                        .strides = contiguous_strides(tensor.shape)};
  const std::string values(reinterpret_cast<const char*>(tensor.bytes.data()), tensor.bytes.size());
  const std::string folder = tensor.name + "/";
  return write_stored_zip({{folder + "data.pkl", write_tensor_pickle(pickled)},
                           {folder + ".format_version", "1"},
                           {folder + ".storage_alignment", "64"},
                           {folder + "byteorder", "little"},
                           {folder + "data/0", values},
                           {folder + "version", "3\n"}});
}

}  // namespace acestep::weights
