#include "audio/readable_file.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>

#include "audio/reader.h"
#include "audio/writer.h"
#include "unit/audio/sounds.h"
#include "util/stopwatch.h"
#include "util/temp_folder.h"

namespace acestep::audio {
namespace {

using ::testing::HasSubstr;

struct ReadableFileTest : ::testing::Test {
  ReadableFileTest() {
    std::ofstream(m4a, std::ios::binary) << std::string("\0\0\0\x20", 4) << "ftypM4A not really";
    write_audio(wav, sine(500, 1, 44100), {FileFormat::kWav16}, {});
  }

  // A decoder that runs a script; $1 is the file.
  static DecoderCall script(const std::string& text) {
    return {.command = {"sh", "-c", text, "decoder", "{}"}};
  }
  std::string failure(const DecoderCall& decoder) const {
    return message_of(ErrorCode::kInput, [&] { const ReadableFile file(m4a, decoder); });
  }

  util::TempFolder folder{"acestep-test"};
  std::filesystem::path m4a = folder.path() / "a song; $(touch x).m4a";
  std::filesystem::path wav = folder.path() / "sound.wav";
};

TEST_F(ReadableFileTest, AKnownKindIsReadAsItIs) {
  const ReadableFile file(wav, script("exit 1"));
  EXPECT_EQ(file.path(), wav);
}

TEST_F(ReadableFileTest, TheDecodersOutputIsRead) {
  const ReadableFile file(m4a, script("cat '" + wav.string() + "'"));
  EXPECT_EQ(file.name(), m4a.string());
  EXPECT_EQ(read_audio(file.path()).samples, read_audio(wav).samples);
}

TEST_F(ReadableFileTest, TheDecoderIsGivenTheFileAndNoShellReadsItsName) {
  const ReadableFile file(m4a, script("test -f \"$1\" && cat '" + wav.string() + "' || exit 9"));
  EXPECT_NE(file.path(), m4a);
  EXPECT_FALSE(std::filesystem::exists("x"));
}

// Programs that write into a pipe do not know the sound's length when they begin.
TEST_F(ReadableFileTest, AWavWithoutItsLengthIsReadToItsEnd) {
  const ReadableFile file(
      m4a, script("head -c 4 '" + wav.string() + R"('; printf '\377\377\377\377'; )" +
                  "head -c 40 '" + wav.string() + R"(' | tail -c +9; printf '\377\377\377\377'; )" +
                  "tail -c +45 '" + wav.string() + "'"));
  EXPECT_EQ(read_audio(file.path()).samples, read_audio(wav).samples);
}

TEST_F(ReadableFileTest, WhatItMadeIsGoneAfterwards) {
  std::filesystem::path made;
  {
    const ReadableFile file(m4a, script("cat '" + wav.string() + "'"));
    made = file.path();
    EXPECT_TRUE(std::filesystem::exists(made));
  }
  EXPECT_FALSE(std::filesystem::exists(made.parent_path()));
}

TEST_F(ReadableFileTest, AFailingDecoderIsQuoted) {
  const std::string message = failure(script("echo 'no such codec' >&2; exit 3"));
  EXPECT_THAT(message, HasSubstr(m4a.string()));
  EXPECT_THAT(message, HasSubstr("failed with exit code 3"));
  EXPECT_THAT(message, HasSubstr("no such codec"));
}

TEST_F(ReadableFileTest, ADecoderThatCrashesIsTold) {
  EXPECT_THAT(failure(script("kill -9 $$")), HasSubstr("signal 9; it said nothing"));
}

TEST_F(ReadableFileTest, ADecoderThatWritesNothingIsTold) {
  EXPECT_THAT(failure(script("exit 0")), HasSubstr("wrote no sound"));
}

TEST_F(ReadableFileTest, AMissingDecoderIsNamed) {
  EXPECT_THAT(failure({.command = {"no-such-decoder", "{}"}}), HasSubstr("no-such-decoder"));
}

TEST_F(ReadableFileTest, ADecoderEndsWhenWeAreAskedToStop) {
  DecoderCall decoder = script("exec sleep 30");
  decoder.check_stop = [] { throw Error(ErrorCode::kInterrupted, "stopped"); };
  const util::Stopwatch watch;
  EXPECT_THROW(const ReadableFile file(m4a, decoder), Error);
  EXPECT_LT(watch.seconds(), 5);
}

TEST_F(ReadableFileTest, WithoutADecoderTheOptionIsNamed) {
  const ReadableFile file(m4a);
  try {
    read_audio(file.path());
    FAIL() << "an M4A file was read";
  } catch (const Error& error) {
    EXPECT_THAT(error.hint(), HasSubstr("--decoder"));
  }
}

}  // namespace
}  // namespace acestep::audio
