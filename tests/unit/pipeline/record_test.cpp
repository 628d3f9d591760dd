#include "pipeline/record.h"

#include <gmock/gmock.h>

#include <set>

#include "request/document.h"
#include "request/layer.h"
#include "request/request_fields.h"
#include "unit/pipeline/tiny_song.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::tiny_facts;
using testing::tiny_rendering;
using testing::tiny_song;

constexpr std::size_t kWavComment = 2000;

TEST(Record, TellsWhatMadeTheSong) {
  const json record = repeatable_record(tiny_facts(), tiny_song(), tiny_rendering());
  EXPECT_EQ(record.at("schema"), "acestep/1");
  EXPECT_EQ(record.at("request").at("caption"), "Warm folk");
  EXPECT_EQ(record.at("models").at("dit"), "acestep-v15-turbo");
  EXPECT_EQ(record.at("composition").at("bpm"), 120);
  EXPECT_EQ(record.at("audio_codes"), json({5, 63999, 0}));
  EXPECT_EQ(record.at("timesteps"), json({1.0, 0.5, 0.0}));
}

TEST(Record, NamesTheSongsOwnSeedsAndTheSongAlone) {
  const json request =
      repeatable_record(tiny_facts(), tiny_song(8), tiny_rendering()).at("request");
  EXPECT_EQ(request.at("seeds"), json({8}));
  EXPECT_EQ(request.at("lm_seed"), 108);
  EXPECT_EQ(request.at("batch_size"), 1);
  EXPECT_EQ(request.at("use_random_seed"), false);
}

TEST(Record, OfTheReferencesBatchNamesTheWholeBatch) {
  RunFacts facts = tiny_facts();
  facts.compat = "reference";
  facts.global_seed = 99;
  const json request = repeatable_record(facts, tiny_song(8), tiny_rendering()).at("request");
  EXPECT_EQ(request.at("seeds"), json({7, 8}));
  EXPECT_EQ(request.at("batch_size"), 2);
  EXPECT_EQ(request.at("compat"), "reference");
  EXPECT_EQ(request.at("global_seed"), 99);
}

TEST(Record, HasTheWordsThatTheLanguageModelWrote) {
  RunFacts facts = tiny_facts();
  facts.request.sample_query = "a love song";
  Song song = tiny_song();
  song.rewritten = facts.request;
  song.rewritten->sample_query.clear();
  song.rewritten->caption = "Written words";
  const json request = repeatable_record(facts, song, tiny_rendering()).at("request");
  EXPECT_EQ(request.at("caption"), "Written words");
  EXPECT_EQ(request.at("sample_query"), "");
  // The reference's one generator is where it is once they are drawn: they are drawn again.
  facts.compat = "reference";
  EXPECT_EQ(repeatable_record(facts, song, tiny_rendering()).at("request").at("sample_query"),
            "a love song");
}

// Nothing that two runs of one song may differ in: the record holds these keys and no others.
TEST(Record, HasNoTimePathHostOrThreads) {
  const json record = repeatable_record(tiny_facts(), tiny_song(), tiny_rendering());
  std::vector<std::string> keys;
  for (const auto& [key, value] : record.items()) keys.push_back(key);
  EXPECT_THAT(keys, ElementsAre("audio_codes", "composition", "models", "request", "schema",
                                "timesteps", "version", "weights"));
  for (const char* key :
       {"threads", "device", "save_dir", "output", "name_template", "project_root",
        "checkpoint_dir", "force", "sidecar", "progress", "log_level"}) {
    EXPECT_FALSE(record.at("request").contains(key)) << key;
  }
  EXPECT_EQ(record, repeatable_record(tiny_facts(), tiny_song(), tiny_rendering()));
}

// A new field decides a song, or it stands here because it does not: `acestep inspect --request`
// makes songs again from what is recorded alone.
TEST(Record, HoldsEveryFieldButThoseThatDecideNoSong) {
  const std::set<std::string> idle = {
      "seed",                                         // `seeds` says it
      "src_audio", "src_latents", "reference_audio",  // their digests are recorded
      "checkpoint_dir", "adapter_dir", "project_root", "device", "threads", "keep_loaded",
      "generation_timeout", "offline", "save_dir", "output", "name_template", "force", "sidecar",
      "save_latents", "save_codes", "plot", "preview", "preview_steps", "print_prompts", "dry_run",
      "decoder", "lrc", "score", "keep_best", "by", "json", "quiet", "verbose", "log_level",
      "log_file", "log_format", "color", "yes", "progress", "strict", "strict_config",
      // What memory allows; its INT8 is recorded. How many songs and
      // frames are computed at once changes last bits alone.
      "tier", "max_vram", "sim_cards", "sim_compute", "sim_scale", "backend", "offload_to_cpu",
      "offload_dit_to_cpu", "stream_dit_blocks", "compile_model", "songs_together",
      "allow_unsupported", "vae_chunk_size", "vae_overlap", "vae_on_cpu"};
  for (const request::Field* field : request::supported_fields()) {
    EXPECT_NE(is_recorded(*field), idle.contains(field->name)) << field->name;
  }
}

TEST(Record, NamesAdaptersWithTheirScales) {
  RunFacts facts = tiny_facts();
  facts.adapters = {{"singer.safetensors", "0123456789abcdef", "LoRA", 0.8}, {"tape", "", "", 1.0}};
  const json record = repeatable_record(facts, tiny_song(), tiny_rendering());
  EXPECT_EQ(record.at("request").at("lora"), json({"singer.safetensors:0.8", "tape:1"}));
  EXPECT_EQ(record.at("adapters").at(0), json({{"name", "singer.safetensors"},
                                               {"digest", "0123456789abcdef"},
                                               {"method", "LoRA"},
                                               {"scale", 0.8}}));
}

TEST(RequestUuid, ChangesWithAdaptersAndTheirScales) {
  RunFacts facts = tiny_facts();
  const std::string without = request_uuid(facts, tiny_song().seeds);
  facts.adapters = {{.name = "singer", .scale = 1.0}};
  const std::string whole = request_uuid(facts, tiny_song().seeds);
  facts.adapters.front().scale = 0.5;
  EXPECT_NE(whole, without);
  EXPECT_NE(request_uuid(facts, tiny_song().seeds), whole);
}

TEST(Record, TellsTheDigestsOfTheSourceButNotWhereItLies) {
  RunFacts facts = tiny_facts();
  facts.request.task_type = "cover";
  facts.request.src_audio = "/somewhere/else/song.flac";
  facts.request.reference_audio = "/somewhere/else/voice.flac";
  const std::string uuid = request_uuid(facts, tiny_song().seeds);
  facts.source = {.audio_sha256 = "abc", .reference_sha256 = "def"};
  const json record = repeatable_record(facts, tiny_song(), tiny_rendering());
  EXPECT_EQ(record.at("source"), json({{"audio_sha256", "abc"}, {"reference_sha256", "def"}}));
  EXPECT_EQ(record.dump().find("somewhere"), std::string::npos);
  EXPECT_NE(request_uuid(facts, tiny_song().seeds), uuid);
}

TEST(Record, ItsRequestIsReadBackWithoutAWarning) {
  const json record = repeatable_record(tiny_facts(), tiny_song(), tiny_rendering());
  request::Findings findings;
  const auto document = request::read_request_json(record.dump(), "song.json");
  const request::FileLayer file = request::read_layer(document, findings);
  EXPECT_THAT(file.unknown_keys, IsEmpty());
  EXPECT_THAT(findings.problems, IsEmpty());
  const request::Gathered gathered = request::gather({file.layer}, findings);
  EXPECT_THAT(gathered.settings.seeds, ElementsAre(7));
  EXPECT_EQ(gathered.settings.lyrics, "[Verse]\nla la");
  EXPECT_EQ(gathered.settings.lm_seed, 107);
}

TEST(CompactRecord, IsTheRecordItselfWhereThatFits) {
  const json record = repeatable_record(tiny_facts(), tiny_song(), tiny_rendering());
  EXPECT_EQ(json::parse(compact_record(record, 1 << 20)), record);
}

TEST(CompactRecord, LeavesOutListsFirstAndSaysSo) {
  Song song = tiny_song();
  song.composition.audio_codes.assign(3000, 63999);
  const json record = repeatable_record(tiny_facts(), song, tiny_rendering());
  const json compact = json::parse(compact_record(record, kWavComment));
  EXPECT_EQ(compact.at("left_out"), json({"audio_codes", "timesteps", "composition"}));
  EXPECT_TRUE(compact.contains("audio_codes_sha256"));
  EXPECT_EQ(compact.at("request").at("lyrics"), "[Verse]\nla la");
  EXPECT_EQ(compact.at("request").at("seeds"), json({7}));
}

TEST(CompactRecord, NamesTheTextThatDoesNotFit) {
  RunFacts facts = tiny_facts();
  facts.request.lyrics = std::string(4096, 'x');
  const json record = repeatable_record(facts, tiny_song(), tiny_rendering());
  const json compact = json::parse(compact_record(record, kWavComment));
  EXPECT_EQ(compact.at("left_out").back(), "request.lyrics");
  EXPECT_EQ(compact.at("request").at("caption"), "Warm folk");
}

// Texts, lists and names of any length, text that is no UTF-8, and characters that JSON escapes.
TEST(CompactRecord, FitsAWavCommentWhateverTheSongIs) {
  const std::vector<std::string> texts = {"", std::string(100000, 'x'), std::string(5000, '\n'),
                                          std::string(3000, '\xff'), std::string(1990, '"')};
  for (const std::string& text : texts) {
    for (const std::size_t count : {0, 8, 5000}) {
      RunFacts facts = tiny_facts();
      facts.request.caption = text;
      facts.request.lyrics = text;
      facts.request.lm_negative_prompt = text;
      facts.request.timesteps.assign(count, 0.123456789012345);
      facts.dit_model = text;
      Song song = tiny_song();
      song.composition.caption = text;
      song.composition.audio_codes.assign(count, 1);
      Rendering rendering = tiny_rendering();
      rendering.levels.assign(count, 0.1F);
      const std::string compact =
          compact_record(repeatable_record(facts, song, rendering), kWavComment);
      EXPECT_LE(compact.size(), kWavComment);
      EXPECT_EQ(json::parse(compact).at("schema"), "acestep/1");
    }
  }
}

}  // namespace
}  // namespace acestep::pipeline
