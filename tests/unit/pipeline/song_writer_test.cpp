#include "pipeline/song_writer.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "audio/reader.h"
#include "unit/pipeline/tiny_song.h"
#include "unit/util/temp_folder.h"
#include "util/sha256.h"
#include "weights/safetensors_source.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using acestep::testing::message_of;
using nlohmann::json;
using testing::tiny_facts;
using testing::tiny_rendering;
using testing::tiny_song;
using ::testing::UnorderedElementsAre;

class Writer : public acestep::testing::TempFolder {
 protected:
  OutputOptions everything() const {
    return {.save_dir = folder_,
            .output = "",
            .name_template = "a",
            .save_latents = true,
            .save_codes = true};
  }
  WrittenSong write_song(const OutputOptions& options, const Song& song = tiny_song()) const {
    const SongWriter writer(options, {.format = audio::FileFormat::kFlac16});
    return writer.write(song, {.extension = "flac"},
                        repeatable_record(tiny_facts(), song, tiny_rendering()),
                        {{"created", "20261123-184512"}, {"index", 1}});
  }
  std::vector<std::string> files() const {
    std::vector<std::string> names;
    for (const auto& item : fs::directory_iterator(folder_)) {
      names.push_back(item.path().filename().string());
    }
    return names;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(folder_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

TEST_F(Writer, WritesTheSongAndWhatIsAskedFor) {
  write_song(everything());
  EXPECT_THAT(files(),
              UnorderedElementsAre("a.flac", "a.json", "a.codes.txt", "a.latents.safetensors"));
  EXPECT_EQ(read("a.codes.txt"), "<|audio_code_5|><|audio_code_63999|><|audio_code_0|>\n");
}

TEST_F(Writer, TheSongAloneWhenNothingElseIsWanted) {
  OutputOptions options = everything();
  options.sidecar = options.save_latents = options.save_codes = false;
  write_song(options);
  EXPECT_THAT(files(), UnorderedElementsAre("a.flac"));
}

TEST_F(Writer, APictureLiesBesideTheSong) {
  OutputOptions options = everything();
  options.plot = true;
  options.sidecar = options.save_latents = options.save_codes = false;
  write_song(options);
  EXPECT_THAT(files(), UnorderedElementsAre("a.flac", "a.svg"));
  EXPECT_THAT(read("a.svg"), ::testing::HasSubstr("<title>Warm folk</title>"));
  write_song(options);  // under another name, all of it
  EXPECT_THAT(files(), UnorderedElementsAre("a.flac", "a.svg", "a-2.flac", "a-2.svg"));
}

// Of several songs none of which is written yet; the next preview of a song takes its place.
TEST_F(Writer, PreviewsLieWhereTheirSongsWillBe) {
  const SongWriter writer(everything(), {.format = audio::FileFormat::kFlac16});
  const std::vector<NameFacts> names = {{.index = 1, .extension = "flac"},
                                        {.index = 2, .extension = "flac"}};
  const audio::Waveform sound = tiny_song().waveform;
  EXPECT_EQ(writer.write_preview(sound, names, 0), folder_ / "a.preview.wav");
  EXPECT_EQ(writer.write_preview(sound, names, 1), folder_ / "a-2.preview.wav");
  writer.write_preview(sound, names, 1);
  EXPECT_THAT(files(), UnorderedElementsAre("a.preview.wav", "a-2.preview.wav"));
  EXPECT_EQ(audio::read_audio(folder_ / "a-2.preview.wav").frames(), sound.frames());
  EXPECT_EQ(write_song(everything()).path, folder_ / "a.flac");
}

TEST_F(Writer, LatentsAreStoredAsTheyAre) {
  write_song(everything());
  fs::rename(folder_ / "a.latents.safetensors", folder_ / "model.safetensors");
  const auto source = weights::open_model_folder(folder_);
  EXPECT_TRUE(at::equal(source->tensor("latents"), tiny_song().latents));
}

TEST_F(Writer, TheSidecarIsTheRecordWithWhatDiffersBetweenRuns) {
  const WrittenSong written = write_song(everything());
  const json sidecar = json::parse(read("a.json"));
  json expected = repeatable_record(tiny_facts(), tiny_song(), tiny_rendering());
  expected["song"] = {{"created", "20261123-184512"},
                      {"index", 1},
                      {"audio_sha256", util::sha256_of(read("a.flac"))}};
  EXPECT_EQ(sidecar, expected);
  EXPECT_EQ(written.sha256, util::sha256_of(read("a.flac")));
}

TEST_F(Writer, TheSongCarriesItsRecord) {
  const WrittenSong written = write_song(everything());
  const audio::Tags tags = audio::read_tags(written.path);
  EXPECT_EQ(tags.title, "Warm folk");
  EXPECT_EQ(json::parse(tags.comment),
            repeatable_record(tiny_facts(), tiny_song(), tiny_rendering()));
}

TEST_F(Writer, SameSongSameBytes) {
  const std::string first = write_song(everything()).sha256;
  EXPECT_EQ(write_song(everything()).sha256, first);  // as a-2.flac
  EXPECT_TRUE(fs::exists(folder_ / "a-2.json"));
}

TEST_F(Writer, AllFilesOrNone) {
  OutputOptions options = everything();
  options.output = (folder_ / "b.flac").string();
  write("b.json", "mine");
  message_of(ErrorCode::kOutput, [&] { write_song(options); });
  EXPECT_THAT(files(), UnorderedElementsAre("b.json"));
  EXPECT_EQ(read("b.json"), "mine");
}

TEST_F(Writer, ForceReplaces) {
  write("a.flac", "old");
  write("a.json", "old");
  OutputOptions options = everything();
  options.force = true;
  write_song(options);
  EXPECT_EQ(json::parse(read("a.json")).at("schema"), "acestep/1");
  EXPECT_EQ(read("a.flac").substr(0, 4), "fLaC");
}

TEST_F(Writer, TheTitleIsTheCaptionsFirstLineCutBetweenCharacters) {
  Song song = tiny_song();
  song.composition.caption = "x";
  for (int i = 0; i < 100; ++i) song.composition.caption += "夜";  // 3 bytes each
  const audio::Tags tags = audio::read_tags(write_song(everything(), song).path);
  EXPECT_EQ(tags.title, song.composition.caption.substr(0, 1 + 66 * 3));
}

TEST_F(Writer, TellsTheRateOfAResampledMp3) {
  const SongWriter writer(everything(),
                          {.format = audio::FileFormat::kMp3, .sample_rate_hz = 44100});
  const WrittenSong written =
      writer.write(tiny_song(), {.extension = "mp3"},
                   repeatable_record(tiny_facts(), tiny_song(), tiny_rendering()), {});
  EXPECT_EQ(written.path.filename(), "a.mp3");
  EXPECT_EQ(written.sample_rate_hz, 44100);
  EXPECT_EQ(written.frames, 4410);
  EXPECT_EQ(audio::read_audio(written.path).frames(), 4410);
}

TEST(ParseAudioFormat, KnowsSevenWords) {
  EXPECT_EQ(parse_audio_format("flac"), audio::FileFormat::kFlac16);
  EXPECT_EQ(parse_audio_format("wav"), audio::FileFormat::kWav16);
  EXPECT_EQ(parse_audio_format("wav24"), audio::FileFormat::kWav24);
  EXPECT_EQ(parse_audio_format("wav32"), audio::FileFormat::kWav32Float);
  EXPECT_EQ(parse_audio_format("mp3"), audio::FileFormat::kMp3);
  EXPECT_EQ(parse_audio_format("opus"), audio::FileFormat::kOggOpus);
  EXPECT_EQ(parse_audio_format("ogg"), audio::FileFormat::kOggVorbis);
  message_of(ErrorCode::kUsage, [] { parse_audio_format("MP3"); });
}

TEST(ParseAudioFormat, TellsWhoWantsAacWhatThereIs) {
  try {
    parse_audio_format("aac");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    EXPECT_THAT(error.hint(), ::testing::HasSubstr("flac, wav, wav24, wav32, mp3, opus or ogg"));
    EXPECT_THAT(error.hint(), ::testing::HasSubstr(".m4a"));
  }
}

}  // namespace
}  // namespace acestep::pipeline
