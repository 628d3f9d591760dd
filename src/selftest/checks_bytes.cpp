// Digests, files and readers of strangers' bytes: constants are those of the standards.
#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <span>

#include "selftest/check.h"
#include "util/atomic_file.h"
#include "util/crc32.h"
#include "util/mapped_file.h"
#include "util/quoted_text.h"
#include "util/sha256.h"
#include "util/split_mix.h"
#include "util/stop_token.h"
#include "util/strict_json.h"

namespace acestep::selftest {
namespace {

namespace fs = std::filesystem;

std::span<const std::byte> bytes_of(const std::string& text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::string content_of(const fs::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  return {reinterpret_cast<const char*>(mapped.bytes().data()), mapped.bytes().size()};
}

// FIPS 180-4, examples of one and of two blocks.
void check_sha256(Expect& expect, Workshop& workshop) {
  expect.same("SHA-256 of 'abc'", util::sha256_of("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const std::string two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
  const std::string digest = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
  expect.same("SHA-256 of two blocks", util::sha256_of(two_blocks), digest);
  const fs::path file = workshop.new_path(".txt");
  util::write_atomically(file, two_blocks);
  expect.same("SHA-256 of a file", util::sha256_of_file(file), digest);
}

// The check value of CRC-32/ISO-HDLC.
void check_crc32(Expect& expect, Workshop&) {
  expect.same("CRC-32 of '123456789'", util::crc32(bytes_of("123456789")), 0xCBF43926);
}

// Published outputs of SplitMix64 for the seed 1234567.
void check_split_mix(Expect& expect, Workshop&) {
  util::SplitMix random(1234567);
  for (const char* expected :
       {"6457827717110365317", "3203168211198807973", "9817491932198370423"}) {
    expect.same("SplitMix64", std::to_string(random.next()), expected);
  }
}

void check_atomic_file(Expect& expect, Workshop& workshop) {
  const fs::path file = workshop.new_path(".txt");
  {
    util::AtomicFile abandoned(file);
    abandoned.write("half");
  }
  expect.is_true("an abandoned file is absent", !fs::exists(file));
  util::write_atomically(file, "whole");
  expect.same("a committed file", content_of(file), "whole");
  expect.refused("overwriting without being asked", ErrorCode::kOutput,
                 [&] { util::write_atomically(file, "other"); });
  expect.same("the file after that", content_of(file), "whole");
  util::write_atomically(file, "new", util::Existing::kReplace);
  expect.same("a replaced file", content_of(file), "new");
}

void check_json(Expect& expect, Workshop&) {
  const auto parse = [](const std::string& text) {
    return util::parse_json(text, "text", {.max_bytes = 100, .max_depth = 3}, ErrorCode::kInput);
  };
  expect.same("a list", parse("[1, {\"a\": \"夜\"}]").dump(), "[1,{\"a\":\"夜\"}]");
  for (const char* text : {"{\"a\":1,\"a\":2}", "[[[[1]]]]", "{\"a\":1", "\"\xff\"", "[1] x"}) {
    expect.refused(std::string("JSON ") + text, ErrorCode::kInput, [&] { parse(text); });
  }
  expect.refused("a long text", ErrorCode::kInput, [&] { parse(std::string(101, ' ')); });
}

void check_utf8(Expect& expect, Workshop&) {
  expect.is_true("four scripts are UTF-8", util::is_utf8("Über 夜 ночь 🎵"));
  expect.is_true("an overlong form is not", !util::is_utf8("\xC0\x80"));
  expect.is_true("a surrogate is not", !util::is_utf8("\xED\xA0\x80"));
  expect.is_true("a cut character is not", !util::is_utf8("\xE5\xA4"));
}

void check_stop(Expect& expect, Workshop&) {
  util::StopToken stop;
  expect.is_true("a new token runs", !stop.is_stopped());
  stop.request(util::StopReason::kInterrupt);
  stop.request(util::StopReason::kTerminate);
  expect.refused("work after an interrupt", ErrorCode::kInterrupted,
                 [&] { stop.throw_if_stopped(); });
}

}  // namespace

std::vector<Check> byte_checks() {
  return {
      {"bytes.sha256", "digests of text and file against FIPS 180-4", check_sha256},
      {"bytes.crc32", "against the published check value", check_crc32},
      {"bytes.split_mix", "against published numbers", check_split_mix},
      {"bytes.atomic_file", "files are whole or absent, never replaced unasked", check_atomic_file},
      {"bytes.json", "repeated keys, depth, size and bad UTF-8 are refused", check_json},
      {"bytes.utf8", "overlong, cut and surrogate sequences are told", check_utf8},
      {"bytes.stop", "the first reason to stop stays", check_stop}};
}

}  // namespace acestep::selftest
