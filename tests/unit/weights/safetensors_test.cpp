#include "weights/safetensors.h"

#include "unit/util/temp_folder.h"
#include "unit/weights/hostile_bytes.h"
#include "weights/safetensors_writer.h"

namespace acestep::weights {
namespace {

using ::acestep::testing::as_span;
using ::acestep::testing::little_endian;
using ::acestep::testing::message_of;
using ::acestep::testing::safetensors;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

SafetensorsHeader parse(const std::string& bytes) {
  return parse_safetensors(as_span(bytes), "m.safetensors");
}

// A header with the single tensor w and these fields.
std::string one(const std::string& fields) { return R"({"w":{)" + fields + "}}"; }

std::string fields(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return R"("dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets;
}

// Two F32 tensors of one element with these offsets.
std::string two(const std::string& first, const std::string& second) {
  return R"({"v":{)" + fields("F32", "[1]", first) + R"(},"w":{)" + fields("F32", "[1]", second) +
         "}}";
}

TEST(Safetensors, ReadsTensorsMetadataAndPadding) {
  const std::string header = R"({"__metadata__":{"format":"pt"},"b":{)" +
                             fields("BF16", "[2,3]", "[4,16]") + R"(},"a":{)" +
                             fields("F32", "[]", "[0,4]") + R"(},"z":{)" +
                             fields("I64", "[0,7]", "[16,16]") + "}}   ";
  const SafetensorsHeader parsed = parse(safetensors(header, 16));
  ASSERT_EQ(parsed.tensors.size(), 3U);
  EXPECT_EQ(parsed.tensors[0].name, "a");
  EXPECT_EQ(parsed.tensors[0].begin, 8 + header.size());
  EXPECT_THAT(parsed.tensors[1].shape, ElementsAre(2, 3));
  EXPECT_EQ(parsed.tensors[1].type, StoredType::kBF16);
  EXPECT_EQ(parsed.tensors[2].begin, parsed.tensors[2].end);
  EXPECT_EQ(parsed.metadata.at("format"), "pt");
}

TEST(Safetensors, TakesAnEmptyHeader) { EXPECT_TRUE(parse(safetensors("{}")).tensors.empty()); }

TEST(Safetensors, NamesEveryType) {
  for (int i = 0; i <= static_cast<int>(StoredType::kF64); ++i) {
    const auto type = static_cast<StoredType>(i);
    const std::string bytes = std::to_string(stored_type_bytes(type));
    const std::string header =
        one(fields(std::string(stored_type_name(type)), "[1]", "[0," + bytes + "]"));
    EXPECT_EQ(parse(safetensors(header, stored_type_bytes(type))).tensors[0].type, type);
  }
}

using SafetensorsWriterTest = testing::TempFolder;

TEST_F(SafetensorsWriterTest, IsReadBack) {
  const std::string floats(12, 'f');
  const std::string bytes(3, 'b');
  const auto path = folder_ / "m.safetensors";
  write_safetensors(path,
                    {{"b", StoredType::kU8, {3}, as_span(bytes)},
                     {"f", StoredType::kF32, {3, 1}, as_span(floats)}},
                    {.metadata = {{"format", "pt"}}});
  std::ifstream file(path, std::ios::binary);
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  const SafetensorsHeader parsed = parse(written);
  ASSERT_EQ(parsed.tensors.size(), 2U);
  EXPECT_EQ(parsed.tensors[0].name, "f");
  EXPECT_EQ(parsed.tensors[0].begin % 8, 0U);
  EXPECT_EQ(written.substr(parsed.tensors[0].begin), floats + bytes);
  EXPECT_EQ(parsed.metadata.at("format"), "pt");
}

struct Malformed {
  const char* name;
  std::string bytes;
  std::string expected;  // part of the message
};

void PrintTo(const Malformed& malformed, std::ostream* out) { *out << malformed.name; }

class MalformedSafetensors : public ::testing::TestWithParam<Malformed> {};

TEST_P(MalformedSafetensors, IsRefusedByName) {
  const std::string message = message_of(ErrorCode::kModel, [] { parse(GetParam().bytes); });
  EXPECT_THAT(message, ::testing::StartsWith("m.safetensors: "));
  EXPECT_THAT(message, HasSubstr(GetParam().expected));
}

std::string with_length(uint64_t length, const std::string& rest) {
  return little_endian(length, 8) + rest;
}

const Malformed kBadFrames[] = {
    {"Empty", "", "has 0 bytes"},
    {"SevenBytes", std::string(7, '\0'), "has 7 bytes"},
    {"LengthAlone", with_length(0, ""), "does not start with '{'"},
    {"LengthOneTooMuch", with_length(3, "{}"), "only 2 follow"},
    {"LengthMax", with_length(UINT64_MAX, "{}"), "more than 100000000"},
    {"LengthWrapsAround", with_length(UINT64_MAX - 7, "{}"), "more than 100000000"},
    {"LengthAboveCap", with_length(100'000'001, "{}"), "more than 100000000"},
    {"LengthAtCapBeyondFile", with_length(100'000'000, "{}"), "only 2 follow"},
    {"LengthOneTooLittle", with_length(1, "{}"), "does not end with '}'"},
    {"NotJson", safetensors("hello"), "does not start with '{'"},
    {"Pickle", safetensors("\x80\x02}q."), "does not start with '{'"},
    {"LeadingSpace", safetensors(" {}"), "does not start with '{'"},
    {"ByteOrderMark", safetensors("\xef\xbb\xbf{}"), "does not start with '{'"},
    {"List", safetensors("[]"), "does not start with '{'"},
    {"NulPadding", safetensors(std::string("{}\0\0", 4)), "NUL"},
    {"NulInside", safetensors(std::string("{\0}", 3)), "NUL"},
    {"TrailingText", safetensors("{} x"), "does not end with '}'"},
    {"TrailingTab", safetensors("{}\t"), "does not end with '}'"},
    {"TwoObjects", safetensors("{}{}"), "not valid JSON at byte"},
    {"CutObject", safetensors(R"({"__metadata__":{})"), "not valid JSON at byte"},
    {"Comment", safetensors("{/**/}"), "not valid JSON"},
    {"SingleQuotes", safetensors("{'w':{}}"), "not valid JSON"},
    {"TrailingComma", safetensors(R"({"__metadata__":{},})"), "not valid JSON"},
    {"NotUtf8", safetensors("{\"\xff\":{}}"), "not valid JSON"},
    {"OverlongUtf8", safetensors("{\"\xc0\xaf\":{}}"), "not valid JSON"},
    {"LoneSurrogate", safetensors(R"({"\ud800":{}})"), "not valid JSON"},
    {"ControlCharacterInName", safetensors(R"({"a\u0000b":{}})"), "control character"},
    {"Deep", safetensors(R"({"w":)" + std::string(100'000, '[') + "}"), "array at key 'w'"},
};

const Malformed kBadGrammar[] = {
    {"TensorTwice",
     safetensors("{\"w\":{" + fields("U8", "[0]", "[0,0]") + "},\"w\":{" +
                 fields("U8", "[0]", "[0,0]") + "}}"),
     "lists 'w' twice"},
    {"EscapedTensorTwice",
     safetensors("{\"w\":{" + fields("U8", "[0]", "[0,0]") + "},\"\\u0077\":{" +
                 fields("U8", "[0]", "[0,0]") + "}}"),
     "lists 'w' twice"},
    {"MetadataTwice", safetensors(R"({"__metadata__":{},"__metadata__":{}})"),
     "lists '__metadata__' twice"},
    {"MetadataKeyTwice", safetensors(R"({"__metadata__":{"a":"","a":""}})"), "lists 'a' twice"},
    {"MetadataNumber", safetensors(R"({"__metadata__":{"a":1}})"), "number at key 'a'"},
    {"MetadataNull", safetensors(R"({"__metadata__":null})"), "null at key '__metadata__'"},
    {"MetadataNested", safetensors(R"({"__metadata__":{"a":{}}})"), "object at key 'a'"},
    {"MetadataList", safetensors(R"({"__metadata__":[]})"), "array at key '__metadata__'"},
    {"TensorNull", safetensors(R"({"w":null})"), "null at key 'w'"},
    {"TensorTrue", safetensors(R"({"w":true})"), "boolean at key 'w'"},
    {"TensorNumber", safetensors(R"({"w":1})"), "number at key 'w'"},
    {"TensorText", safetensors(R"({"w":"F32"})"), "string at key 'w'"},
    {"TensorList", safetensors(R"({"w":[]})"), "array at key 'w'"},
    {"DtypeTwice", safetensors(one(R"("dtype":"U8","dtype":"U8")")), "'w': has dtype twice"},
    {"ShapeTwice", safetensors(one(R"("shape":[],"shape":[])")), "'w': has shape twice"},
    {"OffsetsTwice", safetensors(one(R"("data_offsets":[0,0],"data_offsets":[0,0])")),
     "'w': has data_offsets twice"},
    {"NoDtype", safetensors(one(R"("shape":[0],"data_offsets":[0,0])")), "'w': has no dtype"},
    {"NoShape", safetensors(one(R"("dtype":"U8","data_offsets":[0,0])")), "'w': has no shape"},
    {"NoOffsets", safetensors(one(R"("dtype":"U8","shape":[0])")), "'w': has no data_offsets"},
    {"UnknownField", safetensors(one(fields("U8", "[0]", "[0,0]") + R"(,"strides":[1])")),
     "'w': has the unknown field 'strides'"},
    {"UnknownDtype", safetensors(one(fields("F31", "[0]", "[0,0]"))), "'w': dtype 'F31'"},
    {"LowerCaseDtype", safetensors(one(fields("f32", "[0]", "[0,0]"))), "'w': dtype 'f32'"},
    {"DtypeNumber", safetensors(one(R"("dtype":4)")), "number at key 'dtype'"},
    {"DtypeList", safetensors(one(R"("dtype":["F32"])")), "array at key 'dtype'"},
    {"ShapeText", safetensors(one(R"("shape":"[1]")")), "string at key 'shape'"},
    {"ShapeNumber", safetensors(one(R"("shape":1)")), "number at key 'shape'"},
    {"ShapeHoldsText", safetensors(one(R"("shape":["1"])")), "string at key 'shape'"},
    {"ShapeHoldsObject", safetensors(one(R"("shape":[{}])")), "object at key 'shape'"},
    {"ShapeNested", safetensors(one(R"("shape":[[1]])")), "array at key 'shape'"},
    {"ShapeNegative", safetensors(one(R"("shape":[-1])")), "negative number at key 'shape'"},
    {"ShapeFraction", safetensors(one(R"("shape":[1.5])")), "number 1.5 at key 'shape'"},
    {"ShapeExponent", safetensors(one(R"("shape":[1e0])")), "number 1e0 at key 'shape'"},
    {"ShapeHuge", safetensors(one(R"("shape":[9223372036854775808])")), "'w': dimension"},
    {"ShapeBeyond64Bits", safetensors(one(R"("shape":[18446744073709551616])")), "at key 'shape'"},
    {"ShapeNotANumber", safetensors(one(R"("shape":[NaN])")), "not valid JSON"},
    {"NineDimensions", safetensors(one(R"("shape":[1,1,1,1,1,1,1,1,1])")), "'w': has more than 8"},
    {"OneOffset", safetensors(one(fields("U8", "[0]", "[0]"))), "'w': data_offsets needs 2"},
    {"ThreeOffsets", safetensors(one(fields("U8", "[0]", "[0,0,0]"))),
     "'w': data_offsets has more"},
    {"NegativeOffset", safetensors(one(fields("U8", "[0]", "[-1,0]"))), "at key 'data_offsets'"},
    {"FractionalOffset", safetensors(one(fields("U8", "[0]", "[0.5,1]"))), "at key 'data_offsets'"},
};

const Malformed kBadLayout[] = {
    {"EndsBeforeItBegins", safetensors(one(fields("U8", "[0]", "[4,0]")), 4), "'w' at data bytes"},
    {"BeyondTheFile", safetensors(one(fields("U8", "[5]", "[0,5]")), 4), "'w' at data bytes 0..5"},
    {"HugeOffset", safetensors(one(fields("U8", "[1]", "[0,18446744073709551615]")), 4),
     "lies beyond the 4 bytes"},
    {"TooFewBytes", safetensors(one(fields("F32", "[2]", "[0,4]")), 4), "need 8"},
    {"TooManyBytes", safetensors(one(fields("F32", "[1]", "[0,8]")), 8), "need 4"},
    {"ProductOverflows", safetensors(one(fields("F32", "[4294967296,4294967296]", "[0,0]"))),
     "'w': its size overflows"},
    {"ProductOverflowsByType", safetensors(one(fields("F64", "[2305843009213693952]", "[0,0]"))),
     "'w': its size overflows"},
    {"ProductOverflowsBeforeZero",
     safetensors(one(fields("U8", "[9223372036854775807,3,0]", "[0,0]"))),
     "'w': its size overflows"},
    {"SameBytesTwice", safetensors(two("[0,4]", "[0,4]"), 4),
     "'w' at data bytes 0..4 does not begin"},
    {"Overlap", safetensors(two("[0,4]", "[2,6]"), 6), "'w' at data bytes 2..6 does not begin"},
    {"Gap", safetensors(two("[0,4]", "[5,9]"), 9), "'w' at data bytes 5..9 does not begin"},
    {"GapAtTheStart", safetensors(one(fields("F32", "[1]", "[1,5]")), 5), "does not begin"},
    {"BytesAfterTheLast", safetensors(two("[0,4]", "[4,8]"), 9), "but its tensors fill 8"},
    {"BytesWithoutTensors", safetensors("{}", 1), "but its tensors fill 0"},
    {"Truncated", safetensors(two("[0,4]", "[4,8]"), 7), "lies beyond the 7 bytes"},
};

const auto kNameOf = [](const auto& malformed) { return malformed.param.name; };
INSTANTIATE_TEST_SUITE_P(Frame, MalformedSafetensors, ::testing::ValuesIn(kBadFrames), kNameOf);
INSTANTIATE_TEST_SUITE_P(Grammar, MalformedSafetensors, ::testing::ValuesIn(kBadGrammar), kNameOf);
INSTANTIATE_TEST_SUITE_P(Layout, MalformedSafetensors, ::testing::ValuesIn(kBadLayout), kNameOf);

TEST(Safetensors, RefusesMoreTensorsThanTheLimit) {
  std::string header = "{";
  for (size_t i = 0; i <= kMaxTensors; ++i) {
    header += (i ? ",\"" : "\"") + std::to_string(i) + "\":{" + fields("U8", "[0]", "[0,0]") + "}";
  }
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { parse(safetensors(header + "}")); }),
              HasSubstr("more than 100000 tensors"));
}

}  // namespace
}  // namespace acestep::weights
