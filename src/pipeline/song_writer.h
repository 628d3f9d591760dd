// Writes a song and what belongs to it, each file whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "audio/encoding.h"
#include "pipeline/record.h"
#include "pipeline/song_names.h"
#include "util/atomic_file.h"

namespace acestep::pipeline {

// "flac", "wav", "wav24", "wav32", "mp3", "opus" or "ogg" (Vorbis); Error kUsage otherwise.
audio::FileFormat parse_audio_format(const std::string& name);

// Of the audio file; an MP3's rate may differ from the song's.
struct WrittenSong {
  std::filesystem::path path;  // "-": standard output
  std::string sha256;
  int64_t sample_rate_hz = 48000;
  int64_t frames = 0;
  std::filesystem::path lyrics = {};  // NAME.lrc, if it was written
};

class SongWriter {
 public:
  // check_stop: throws to end the writing; empty: never stops.
  SongWriter(OutputOptions options, audio::Encoding encoding,
             std::function<void()> check_stop = {});

  // record: repeatable_record() of the song. facts: things that differ between runs, for the
  // sidecar alone. Throws Error kOutput; files of this song that were written before it are
  // removed, also when it is asked to stop before the last one is whole.
  WrittenSong write(const Song& song, const NameFacts& name, const nlohmann::json& record,
                    const nlohmann::json& facts) const;

  // The beginning of song number `song`, from 0, of those that `names` has, beside where the song
  // itself will be: a WAV that takes the place of an earlier one. Returns its path.
  std::filesystem::path write_preview(const audio::Waveform& sound,
                                      const std::vector<NameFacts>& names, std::size_t song) const;

 private:
  class WrittenFiles;
  util::Existing existing() const;
  void write_beside(const std::filesystem::path& path, const Song& song,
                    const nlohmann::json& sidecar, WrittenFiles& files) const;

  OutputOptions options_;
  audio::Encoding encoding_;
  std::function<void()> check_stop_;
};

}  // namespace acestep::pipeline
