#include "pipeline/record_reader.h"

#include <filesystem>
#include <fstream>

#include "acestep/version.h"
#include "audio/writer.h"
#include "pipeline/song_writer.h"
#include "unit/pipeline/tiny_song.h"
#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using acestep::testing::message_of;
using audio::FileFormat;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::tiny_facts;
using testing::tiny_rendering;
using testing::tiny_song;

class RecordReader : public acestep::testing::TempFolder {
 protected:
  // Written as a user's song is.
  fs::path song(FileFormat format, const RunFacts& facts = tiny_facts(),
                const Song& made = tiny_song()) const {
    const std::string extension(audio::file_extension(format));
    const SongWriter writer({.save_dir = folder_, .output = "", .name_template = "a"},
                            {.format = format});
    return writer.write(made, {.extension = extension}, record(facts), {{"index", 1}}).path;
  }
  static json record(const RunFacts& facts = tiny_facts()) {
    return repeatable_record(facts, tiny_song(), tiny_rendering());
  }
  // A sound with this comment, made by whoever.
  fs::path sound(const std::string& comment) const {
    const fs::path file = folder_ / "other.flac";
    audio::write_audio(file, tiny_song().waveform, {}, {.comment = comment});
    return file;
  }
  std::string refusal(const fs::path& file) const {
    return message_of(ErrorCode::kInput, [&] { find_record(file); });
  }
  static RunFacts with_long_lyrics() {
    RunFacts facts = tiny_facts();
    facts.request.lyrics = std::string(4096, 'x');
    return facts;
  }
};

class RecordReaderFormats : public RecordReader,
                            public ::testing::WithParamInterface<FileFormat> {};
INSTANTIATE_TEST_SUITE_P(Formats, RecordReaderFormats,
                         ::testing::Values(FileFormat::kWav16, FileFormat::kWav24,
                                           FileFormat::kWav32Float, FileFormat::kFlac16,
                                           FileFormat::kMp3, FileFormat::kOggOpus,
                                           FileFormat::kOggVorbis));

// All of `whole` but for fields of the request that have their defaults: WAV has room for little.
void expect_same_song(const json& found, json whole) {
  for (const auto& [field, value] : found.at("request").items()) {
    EXPECT_EQ(value, whole.at("request").at(field)) << field;
  }
  whole["request"] = found.at("request");
  EXPECT_EQ(found, whole);
}

TEST_P(RecordReaderFormats, FindsTheEmbeddedRecord) {
  const fs::path file = song(GetParam());
  fs::remove(beside(file, ".json"));
  const FoundRecord found = find_record(file);
  EXPECT_TRUE(found.is_embedded);
  EXPECT_THAT(found.left_out, IsEmpty());
  EXPECT_THAT(found.remarks, IsEmpty());
  expect_same_song(found.record, record());
  ASSERT_TRUE(found.sound);
  EXPECT_EQ(found.sound->waveform.frames(), 4800);
}

TEST_P(RecordReaderFormats, PrefersTheSidecarOfExactlyThisFile) {
  const fs::path file = song(GetParam());
  const FoundRecord found = find_record(file);
  EXPECT_FALSE(found.is_embedded);
  EXPECT_EQ(found.file, beside(file, ".json"));
  EXPECT_TRUE(found.record.contains("song"));
}

TEST_F(RecordReader, TellsWhatSoundsTheSongWasMadeFrom) {
  RunFacts facts = tiny_facts();
  facts.source = {.audio_sha256 = "abc", .reference_sha256 = "def"};
  const fs::path file = song(FileFormat::kFlac16, facts);
  EXPECT_THAT(find_record(file).remarks, IsEmpty());  // the sidecar names them
  fs::remove(beside(file, ".json"));
  EXPECT_THAT(find_record(file).remarks,
              ElementsAre(HasSubstr("--src_audio"), HasSubstr("--reference_audio")));
  facts.source = {.latents_sha256 = "abc"};
  const fs::path of_latents = song(FileFormat::kFlac16, facts);
  fs::remove(beside(of_latents, ".json"));
  EXPECT_THAT(find_record(of_latents).remarks, ElementsAre(HasSubstr("--src_latents")));
}

TEST_P(RecordReaderFormats, RefusesAFileThatBreaksOff) {
  Song second = tiny_song();
  second.waveform = audio::Waveform(48000, 2, 48000);
  const fs::path file = song(GetParam(), tiny_facts(), second);
  fs::resize_file(file, fs::file_size(file) - 100);
  EXPECT_THAT(refusal(file), HasSubstr("the file breaks off"));
}

TEST_F(RecordReader, ReadsASidecarAndFindsItsSong) {
  const fs::path file = song(FileFormat::kFlac16);
  const FoundRecord found = find_record(beside(file, ".json"));
  EXPECT_EQ(found.song_file, file);
  EXPECT_EQ(found.sound->format, "FLAC, 16 bit");
}

TEST_F(RecordReader, ReadsASidecarWithoutItsSong) {
  const fs::path file = song(FileFormat::kFlac16);
  fs::remove(file);
  const FoundRecord found = find_record(beside(file, ".json"));
  EXPECT_FALSE(found.sound);
  EXPECT_EQ(repeating_request(found), record().at("request"));
}

TEST_F(RecordReader, TellsWhenTheSidecarIsOfAnotherSong) {
  const fs::path file = song(FileFormat::kFlac16);
  audio::write_audio(file, tiny_song().waveform, {}, {.comment = record().dump()},
                     util::Existing::kReplace);
  const FoundRecord found = find_record(file);
  EXPECT_TRUE(found.is_embedded);
  EXPECT_THAT(found.remarks, ElementsAre(HasSubstr("a.json was written for another song")));
}

TEST_F(RecordReader, LeavesStrangersJsonBesideTheSongAlone) {
  const fs::path file = song(FileFormat::kFlac16);
  std::ofstream(beside(file, ".json")) << "{\"mine\": 1}";
  EXPECT_TRUE(find_record(file).is_embedded);
  std::ofstream(beside(file, ".json")) << "not JSON";
  EXPECT_TRUE(find_record(file).is_embedded);
}

TEST_F(RecordReader, ItsRequestIsTheRecordsRequest) {
  EXPECT_EQ(repeating_request(find_record(song(FileFormat::kFlac16))), record().at("request"));
}

// A compact record leaves default values out; a request must not depend on what they are then.
TEST_F(RecordReader, AWavsRequestIsCompleteWithoutItsSidecar) {
  RunFacts facts = tiny_facts();
  facts.request.lyrics = std::string(700, 'x');
  const fs::path file = song(FileFormat::kWav16, facts);
  fs::remove(beside(file, ".json"));
  const FoundRecord found = find_record(file);
  EXPECT_THAT(found.left_out, IsEmpty());
  EXPECT_FALSE(found.record.at("request").contains("lm_temperature"));
  EXPECT_EQ(repeating_request(found), record(facts).at("request"));
}

TEST_F(RecordReader, LongLyricsOfAWavStandInTheSidecar) {
  const fs::path file = song(FileFormat::kWav16, with_long_lyrics());
  EXPECT_EQ(repeating_request(find_record(file)), record(with_long_lyrics()).at("request"));
  fs::remove(beside(file, ".json"));
  const FoundRecord found = find_record(file);
  EXPECT_THAT(found.left_out,
              ElementsAre("audio_codes", "timesteps", "composition", "request.lyrics"));
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { repeating_request(found); }),
              HasSubstr("leaves out request.lyrics"));
}

TEST_F(RecordReader, TellsOfTheBatchThatAReferenceSongBelongsTo) {
  RunFacts facts = tiny_facts();
  facts.compat = "reference";
  EXPECT_THAT(find_record(song(FileFormat::kFlac16, facts)).remarks,
              ElementsAre(HasSubstr("makes all 2 of them")));
}

TEST_F(RecordReader, TellsOfAnotherVersion) {
  json old = record();
  old["version"] = "0.0.1";
  EXPECT_THAT(find_record(sound(old.dump())).remarks,
              ElementsAre(HasSubstr("made by acestep 0.0.1, this is " + std::string(kVersion))));
}

TEST_F(RecordReader, RefusesWhatHasNoRecord) {
  EXPECT_THAT(refusal(sound("")), HasSubstr("holds no record"));
  EXPECT_THAT(refusal(folder_ / "absent.flac"), HasSubstr("absent.flac"));
  EXPECT_THAT(refusal(folder_), HasSubstr(folder_.string()));
}

TEST_F(RecordReader, RefusesCommentsOfOthers) {
  EXPECT_THAT(refusal(sound("Ripped by me")), HasSubstr("its comment was replaced by 'Ripped"));
}

TEST_F(RecordReader, RefusesBrokenAndForeignJson) {
  EXPECT_THAT(refusal(sound("{\"schema\": ")), HasSubstr("comment"));
}

TEST_F(RecordReader, RefusesForeignJsonInside) {
  EXPECT_THAT(refusal(sound("{\"prompt\": \"x\"}")), HasSubstr("no record of a song"));
}

TEST_F(RecordReader, RefusesALaterSchema) {
  EXPECT_THAT(refusal(sound("{\"schema\": \"acestep/2\"}")), HasSubstr("'acestep/2'"));
}

TEST_F(RecordReader, RefusesADamagedRecord) {
  EXPECT_THAT(refusal(sound("{\"schema\": \"acestep/1\", \"request\": 5}")),
              HasSubstr("\"request\" is no object"));
}

TEST_F(RecordReader, RefusesADamagedList) {
  EXPECT_THAT(refusal(sound("{\"schema\": \"acestep/1\", \"left_out\": [5]}")),
              HasSubstr("holds no names"));
}

TEST_F(RecordReader, RefusesRequestsAndText) {
  write("request.json", "{\"caption\": \"x\"}");
  EXPECT_THAT(refusal(folder_ / "request.json"), HasSubstr("is JSON, but no record"));
  write("words.txt", "la la");
  EXPECT_THAT(refusal(folder_ / "words.txt"), HasSubstr("is not a sound file"));
}

}  // namespace
}  // namespace acestep::pipeline
