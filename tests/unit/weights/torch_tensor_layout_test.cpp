#include "weights/torch_tensor_layout.h"

#include <gmock/gmock.h>

#include "unit/util/temp_folder.h"
#include "unit/weights/hostile_bytes.h"
#include "weights/stored_zip_writer.h"
#include "weights/torch_archive.h"

namespace acestep::weights {
namespace {

using ::acestep::testing::as_span;
using ::acestep::testing::little_endian;
using ::acestep::testing::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

const std::string kValues(2 * 3 * sizeof(float), '\x3f');

PickledTensor tensor_2_by_3() {
  return {.type = StoredType::kF32,
          .storage = "0",
          .storage_elements = 6,
          .offset = 0,
          .shape = {1, 2, 3},
          .strides = {6, 3, 1}};
}

std::string archive(const std::string& pickle, const std::string& values = kValues,
                    std::vector<ZipEntry> more = {}) {
  more.insert(more.begin(), {{"s/data.pkl", pickle}, {"s/data/0", values}});
  return write_stored_zip(more);
}

std::string archive(const PickledTensor& tensor, const std::string& values = kValues) {
  return archive(write_tensor_pickle(tensor), values);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t place = text.find(from);
  EXPECT_NE(place, std::string::npos);
  return text.replace(place, from.size(), to);
}

// The pickle of a good tensor with this part exchanged.
std::string pickle_with(const std::string& from, const std::string& to) {
  return replaced(write_tensor_pickle(tensor_2_by_3()), from, to);
}

// A good archive with `bytes` written `offset` bytes behind the first central directory mark.
std::string directory_with(size_t offset, const std::string& bytes) {
  std::string file = archive(tensor_2_by_3());
  return file.replace(file.find("PK\x01\x02") + offset, bytes.size(), bytes);
}

TEST(TorchTensorLayoutTest, ReadsAContiguousTensor) {
  const std::string file = write_torch_archive(
      {"silence_latent", StoredType::kBF16, {1, 2, 3}, as_span(kValues.substr(0, 12))});
  const TorchTensorLayout layout = parse_torch_tensor(as_span(file), "s.pt");
  EXPECT_EQ(layout.type, StoredType::kBF16);
  EXPECT_THAT(layout.shape, ElementsAre(1, 2, 3));
  EXPECT_EQ(layout.values.size(), 12U);
  EXPECT_EQ((layout.values.data() - as_span(file).data()) % 64, 0);
}

TEST(TorchTensorLayoutTest, ReadsWhatTorchWrote) {
  // The pickle of torch.save(torch.zeros(1, 64, 1500), ...) by torch 2.11.
  const std::string pickle = std::string(
      "\x80\x02"
      "ctorch._utils\n_rebuild_tensor_v2\nq\0((X\x07\0\0\0storageq\x01"
      "ctorch\nFloatStorage\nq\x02X\x01\0\0\0"
      "0q\x03X\x03\0\0\0cpuq\x04J\0w\x01\0"
      "tq\x05QK\0K\x01K@M\xdc\x05\x87q\x06J\0w\x01\0M\xdc\x05K\x01\x87q\x07\x89"
      "ccollections\nOrderedDict\nq\x08)Rq\ttq\nRq\x0b.",
      166);
  const std::string file = archive(pickle, std::string(96'000 * sizeof(float), '\0'));
  EXPECT_THAT(parse_torch_tensor(as_span(file), "s.pt").shape, ElementsAre(1, 64, 1500));
}

struct Malicious {
  const char* name;
  std::string bytes;
  std::string expected;
};

void PrintTo(const Malicious& malicious, std::ostream* out) { *out << malicious.name; }

class MaliciousTorchFile : public ::testing::TestWithParam<Malicious> {};

TEST_P(MaliciousTorchFile, IsRefusedByName) {
  const std::string message =
      message_of(ErrorCode::kModel, [] { parse_torch_tensor(as_span(GetParam().bytes), "s.pt"); });
  EXPECT_THAT(message, ::testing::StartsWith("s.pt: "));
  EXPECT_THAT(message, HasSubstr(GetParam().expected));
}

PickledTensor with_strides(std::vector<int64_t> strides) {
  PickledTensor tensor = tensor_2_by_3();
  tensor.strides = std::move(strides);
  return tensor;
}

PickledTensor with_storage_elements(int64_t elements) {
  PickledTensor tensor = tensor_2_by_3();
  tensor.storage_elements = elements;
  return tensor;
}

PickledTensor with_shape(std::vector<int64_t> shape, std::vector<int64_t> strides) {
  PickledTensor tensor = tensor_2_by_3();
  tensor.shape = std::move(shape);
  tensor.strides = std::move(strides);
  return tensor;
}

PickledTensor with_offset(int64_t offset) {
  PickledTensor tensor = tensor_2_by_3();
  tensor.offset = offset;
  return tensor;
}

PickledTensor with_storage(const std::string& name) {
  PickledTensor tensor = tensor_2_by_3();
  tensor.storage = name;
  return tensor;
}

std::string nested_tuples() {
  std::string pickle = "\x80\x02)";
  return pickle + std::string(60'000, '\x85') + ".";
}

const Malicious kPickles[] = {
    {"SystemCall",
     archive("\x80\x02"
             "cposix\nsystem\nq\x01X\x04\0\0\0trueq\x02\x85R."),
     "names 'posix system'"},
    {"BuiltinEval", archive(pickle_with("ccollections\nOrderedDict", "cbuiltins\neval")),
     "names 'builtins eval'"},
    {"OtherRebuild", archive(pickle_with("_rebuild_tensor_v2", "_rebuild_parameter")),
     "names 'torch._utils _rebuild_parameter'"},
    {"DoubleStorage", archive(pickle_with("FloatStorage", "DoubleStorage")),
     "names 'torch DoubleStorage'"},
    {"Dictionary", archive(pickle_with("\x80\x02", "\x80\x02}")), "instruction 125"},
    {"Recall", archive(pickle_with("\x80\x02", "\x80\x02h\x01")), "instruction 104"},
    {"StackGlobal", archive(pickle_with("\x80\x02", "\x80\x02\x93")), "instruction 147"},
    {"BuildInstance", archive(pickle_with(")R", ")b")), "instruction 98"},
    {"NewProtocol", archive(pickle_with("\x80\x02", "\x80\x04")), "protocol 2"},
    {"TwoValues", archive(pickle_with("\x80\x02", "\x80\x02K\x01")), "more than one value"},
    {"NoTensor", archive("\x80\x02K\x01."), "lacks a tensor"},
    {"EndWithoutValue", archive("\x80\x02."), "lacks a tensor"},
    {"MoreAfterTheEnd", archive(write_tensor_pickle(tensor_2_by_3()) + "."), "goes on after"},
    {"CutPickle", archive(write_tensor_pickle(tensor_2_by_3()).substr(0, 100)), "cut short"},
    {"EmptyPickle", archive(""), "cut short"},
    {"HugePickle", archive("\x80\x02" + std::string(70'000, ')')), "larger than 64 KiB"},
    {"HugeText", archive("\x80\x02X" + little_endian(UINT32_MAX, 4)), "cut short"},
    {"DeepTuples", archive(nested_tuples()), "nested too deeply"},
    {"TallStack", archive("\x80\x02" + std::string(60'000, '(')), "nested too deeply"},
    {"TupleWithoutBeginning", archive("\x80\x02t."), "without beginning"},
    {"CallsANumber", archive("\x80\x02K\x01)R."), "lacks a callable"},
    {"FilledDictionary", archive(pickle_with(")R", "K\x01\x85R")), "fills an OrderedDict"},
};

const Malicious kTensors[] = {
    {"Transposed", archive(with_strides({6, 1, 2})), "not contiguous"},
    {"ZeroStride", archive(with_strides({6, 0, 0})), "not contiguous"},
    {"StridesOfAnotherRank", archive(with_strides({3, 1})), "strides that do not fit"},
    {"HugeStorage", archive(with_storage_elements(INT32_MAX)), "but its storage 2147483647"},
    {"ShortStorage", archive(tensor_2_by_3(), kValues.substr(0, 20)), "20 bytes"},
    {"LongStorage", archive(tensor_2_by_3(), kValues + "x"), "25 bytes"},
    {"Offset", archive(with_offset(1)), "at offset 1"},
    {"NegativeOffset", archive(pickle_with("QK" + std::string(1, '\0'), "QJ\xff\xff\xff\xff")),
     "at offset -1"},
    {"NegativeSize", archive(pickle_with("(K\x01K\x02K\x03t", "(K\x01J\xfe\xff\xff\xffK\x03t")),
     "negative size"},
    {"ProductTooLarge", archive(with_shape({INT32_MAX, INT32_MAX, INT32_MAX}, {0, INT32_MAX, 1})),
     "not contiguous"},
    {"Empty", archive(with_shape({1, 0, 3}, {0, 3, 1}), ""), "0 elements"},
    {"NineDimensions",
     archive(with_shape({1, 1, 1, 1, 1, 1, 1, 1, 6}, {6, 6, 6, 6, 6, 6, 6, 6, 1})),
     "too many dimensions"},
    {"AnotherStorage", archive(with_storage("1")), "lacks the storage '1'"},
    {"StorageByPath", archive(with_storage("../x")), "not a number"},
};

const Malicious kArchives[] = {
    {"EmptyFile", "", "not in the zip layout"},
    {"LegacyLayout", "\x80\x02\x8a\nl\xfc\x9c", "not in the zip layout"},
    {"LegacyTar", "storages" + std::string(504, '\0'), "not in the zip layout"},
    {"Cut", archive(tensor_2_by_3()).substr(0, 200), "end record"},
    {"Comment", archive(tensor_2_by_3()) + "x", "end record"},
    {"Compressed", directory_with(10, little_endian(8, 2)), "is compressed"},
    {"Bomb", directory_with(24, little_endian(UINT32_MAX, 4)), "is compressed"},
    {"Encrypted", directory_with(8, little_endian(1, 2)), "is encrypted"},
    {"WrongChecksum", directory_with(16, little_endian(0, 4)), "wrong checksum"},
    {"EntryElsewhere", directory_with(42, little_endian(7, 4)), "does not agree"},
    {"EntryBeyondTheFile", directory_with(42, little_endian(UINT32_MAX - 8, 4)), "cut short"},
    {"EntryOverDirectory",
     directory_with(20, little_endian(100'000, 4) + little_endian(100'000, 4)),
     "not before the directory"},
    {"SameEntryTwice",
     archive(write_tensor_pickle(tensor_2_by_3()), kValues, {{"s/data/0", kValues}}),
     "is there twice"},
    {"TwoStorages", archive(write_tensor_pickle(tensor_2_by_3()), kValues, {{"s/data/1", kValues}}),
     "2 storages"},
    {"TwoPickles", archive(write_tensor_pickle(tensor_2_by_3()), kValues, {{"t/data.pkl", "."}}),
     "more than one pickle"},
    {"NoPickle", write_stored_zip({{"s/data/0", kValues}}), "no data.pkl"},
    {"BigEndian", archive(write_tensor_pickle(tensor_2_by_3()), kValues, {{"s/byteorder", "big"}}),
     "byte order"},
    {"ManyEntries",
     [] {
       std::vector<ZipEntry> entries;
       for (int i = 0; i < 65; ++i) entries.push_back({"s/" + std::to_string(i), ""});
       return write_stored_zip(entries);
     }(),
     "more than 64 entries"},
};

const auto kNameOf = [](const auto& malicious) { return malicious.param.name; };
INSTANTIATE_TEST_SUITE_P(Pickle, MaliciousTorchFile, ::testing::ValuesIn(kPickles), kNameOf);
INSTANTIATE_TEST_SUITE_P(Tensor, MaliciousTorchFile, ::testing::ValuesIn(kTensors), kNameOf);
INSTANTIATE_TEST_SUITE_P(Archive, MaliciousTorchFile, ::testing::ValuesIn(kArchives), kNameOf);

}  // namespace
}  // namespace acestep::weights
