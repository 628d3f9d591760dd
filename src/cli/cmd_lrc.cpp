#include <filesystem>
#include <iostream>

#include "alignment/lyric_files.h"
#include "cli/commands.h"
#include "cli/review_call.h"
#include "pipeline/song_names.h"
#include "request/sung_words.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using alignment::LyricFormat;

// Where the text goes: NAME.lrc beside the song unless said otherwise.
fs::path output_file(const CommandCall& call, const ReviewedSong& song, LyricFormat format) {
  if (call.has("output")) return call.text("output");
  // NAME.json is the song's own record.
  if (format == LyricFormat::kJson) return pipeline::kStandardOutput;
  return pipeline::beside(song.song_file, alignment::suffix_of(format));
}

// All that can be known to fail before models are loaded.
void require_reviewable(const ReviewedSong& song, const fs::path& output, util::Existing existing) {
  const std::string file = song.file.string();
  if (!request::has_sung_words(song.composition.lyrics)) {
    throw Error(ErrorCode::kUsage, file + ": the song is instrumental: there are no lyrics to time",
                "give a song with lyrics");
  }
  if (!song.sound && !song.latents) {
    throw Error(ErrorCode::kInput,
                file + ": the song's latents are missing: " +
                    pipeline::beside(song.song_file, pipeline::kLatentsSuffix).string(),
                "generate with --save_latents or --lrc, or give the lyrics with --lyrics");
  }
  std::error_code error;
  const bool is_taken = output != pipeline::kStandardOutput && fs::exists(output, error);
  if (is_taken && existing == util::Existing::kRefuse) {
    throw Error(ErrorCode::kOutput, output.string() + " exists already",
                "choose another name with --output or pass --force");
  }
}

int run(const CommandCall& call) {
  const LyricFormat format = alignment::parse_lyric_format(call.text("format", "lrc"));
  const auto ends = call.is_on("include_end_time") ? alignment::LineEnds::kWritten
                                                   : alignment::LineEnds::kLeftOut;
  const ReviewedSong song = call.field_texts().contains("lyrics")
                                ? prepare_sound_review(call)
                                : prepare_review(call, NeedsLanguageModel::kNo);
  const fs::path output = output_file(call, song, format);
  const auto existing = util::existing_if(call.is_on("force"));
  require_reviewable(song, output, existing);
  const pipeline::Review review = review_song(song, {.times_lyrics = true}, call);
  ACE_CHECK(review.lyrics.has_value());
  std::string text = alignment::write_lyrics(*review.lyrics, format, ends);
  if (!text.ends_with('\n')) text += '\n';
  if (output == pipeline::kStandardOutput) {
    std::cout << text;
    return 0;
  }
  util::write_atomically(output, text, existing);
  std::cout << output.string() << '\n';
  return 0;
}

}  // namespace

Command lrc_command() {
  std::vector<std::string> fields = review_field_names();
  std::erase(fields, "json");
  std::erase(fields, "lm_model_path");
  for (const char* name : {"lyrics", "caption", "vocal_language", "decoder"}) {
    fields.emplace_back(name);
  }
  return {
      .name = "lrc",
      .summary = "when each line of a song's lyrics is sung",
      .details =
          "The transformer listens to its own song: from the song's record and latents, which\n"
          "--save_latents writes, its attention to the lyrics is found once more and the lyrics "
          "are\n"
          "laid along it. The text goes to NAME.lrc, NAME.vtt or NAME.srt beside the song, JSON "
          "to\n"
          "standard output. With --lyrics FILE may be a sound of any origin, of 10 to 600 seconds: "
          "it "
          "is\n"
          "encoded first. An instrumental ends with exit code 2, a song without record or "
          "latents\n"
          "with 4. docs/LYRICS.md tells more.",
      .arguments =
          {{"FILE",
            "a song with its latents beside it, its NAME.json, or with --lyrics any sound"}},
      .options = {{.name = "format",
                   .value = "NAME",
                   .help = "lrc has a time a line, elrc one a word, vtt and srt are subtitles",
                   .choices = {"lrc", "elrc", "vtt", "srt", "json"},
                   .fallback = "lrc"},
                  {.name = "output",
                   .value = "FILE",
                   .help = "where the text goes; - is standard output",
                   .short_name = 'o',
                   .fallback = "beside the song"},
                  {.name = "force", .help = "replace an existing file"},
                  {.name = "include_end_time", .help = "lrc and elrc: the end of each line, too"}},
      .fields = fields,
      .examples = {{"acestep lrc song.flac", "writes song.lrc"},
                   {"acestep lrc song.flac --format vtt -o captions.vtt", "subtitles"},
                   {"acestep lrc demo.mp3 --lyrics @demo.txt --vocal_language en",
                    "a sound that was not made here"},
                   {"acestep lrc song.flac --format json", "lines and words for scripts"}},
      .run = run};
}

}  // namespace acestep::cli
