#include "pipeline/song_writer.h"

#include <ATen/ATen.h>

#include <iostream>
#include <map>
#include <set>
#include <vector>

#include "acestep/version.h"
#include "alignment/lyric_files.h"
#include "audio/song_plot.h"
#include "audio/writer.h"
#include "models/audio_codes.h"
#include "pipeline/latents_file.h"
#include "pipeline/spectrogram.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/sha256.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;

// Removes what was written of a song unless all of it was.
class SongWriter::WrittenFiles {
 public:
  ~WrittenFiles() {
    std::error_code ignored;
    for (const fs::path& file : files_) fs::remove(file, ignored);
  }
  void add(const fs::path& file) { files_.push_back(file); }
  void keep() { files_.clear(); }

 private:
  std::vector<fs::path> files_;
};

namespace {

// The caption's first line, shortened at a character's end to what every format holds.
std::string title_of(const std::string& caption) {
  constexpr std::size_t kMostBytes = 200;
  std::string title = caption.substr(0, caption.find('\n'));
  if (title.size() <= kMostBytes) return title;
  const auto continues_character = [&](std::size_t i) {
    return (static_cast<unsigned char>(title[i]) & 0xC0) == 0x80;
  };
  std::size_t end = kMostBytes;
  while (end > 0 && continues_character(end)) --end;
  return title.substr(0, end);
}

void write_to_standard_output(std::string_view bytes) {
  std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  std::cout.flush();
  if (!std::cout) throw Error(ErrorCode::kOutput, "standard output cannot be written");
}

std::string print(const nlohmann::json& value) {
  return value.dump(2, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

}  // namespace

audio::FileFormat parse_audio_format(const std::string& name) {
  using audio::FileFormat;
  static const std::map<std::string, FileFormat> formats = {
      {"flac", FileFormat::kFlac16},  {"wav", FileFormat::kWav16},
      {"wav24", FileFormat::kWav24},  {"wav32", FileFormat::kWav32Float},
      {"mp3", FileFormat::kMp3},      {"opus", FileFormat::kOggOpus},
      {"ogg", FileFormat::kOggVorbis}};
  if (const auto found = formats.find(name); found != formats.end()) return found->second;
  const std::string message = "audio_format '" + name + "' is not supported";
  if (name == "aac") {
    throw Error(ErrorCode::kUsage, message,
                "use flac, wav, wav24, wav32, mp3, opus or ogg; an encoder of your own makes an "
                ".m4a from the wav, for example: ffmpeg -i song.wav song.m4a");
  }
  throw Error(ErrorCode::kUsage, message, "use flac, wav, wav24, wav32, mp3, opus or ogg");
}

SongWriter::SongWriter(OutputOptions options, audio::Encoding encoding,
                       std::function<void()> check_stop)
    : options_(std::move(options)), encoding_(encoding), check_stop_(std::move(check_stop)) {}

WrittenSong SongWriter::write(const Song& song, const NameFacts& name, const nlohmann::json& record,
                              const nlohmann::json& facts) const {
  const audio::Tags tags{
      .title = title_of(song.composition.caption),
      .software = std::string("acestep ") + kVersion,
      .comment = compact_record(record, audio::max_comment_bytes(encoding_.format))};
  const std::vector<std::byte> bytes = audio::encode_audio(song.waveform, encoding_, tags);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  WrittenSong written{.path = kStandardOutput,
                      .sha256 = util::sha256_of(text),
                      .sample_rate_hz = audio::file_rate_hz(song.waveform, encoding_),
                      .frames = audio::file_frames(song.waveform, encoding_)};
  if (check_stop_) check_stop_();
  if (options_.output == kStandardOutput) {
    write_to_standard_output(text);
    return written;
  }
  written.path = choose_path(options_, name);
  WrittenFiles files;
  util::write_atomically(written.path, text, existing());
  files.add(written.path);
  nlohmann::json sidecar = record;
  sidecar["song"] = facts;
  sidecar["song"]["audio_sha256"] = written.sha256;
  if (options_.save_lyrics && song.review.lyrics) {
    written.lyrics = beside(written.path, kLyricsSuffix);
    sidecar["song"]["lyrics"] = written.lyrics.filename().string();
  }
  write_beside(written.path, song, sidecar, files);
  if (check_stop_) check_stop_();
  files.keep();
  return written;
}

fs::path SongWriter::write_preview(const audio::Waveform& sound,
                                   const std::vector<NameFacts>& names, std::size_t song) const {
  // Songs before this one may not be there yet to keep their names from it.
  std::set<std::string> taken;
  fs::path path;
  for (std::size_t i = 0; i <= song; ++i) {
    path = choose_path(options_, names.at(i), taken);
    taken.insert(path.string());
  }
  const fs::path file = beside(path, kPreviewSuffix);
  audio::write_audio(file, sound, {.format = audio::FileFormat::kWav16}, {},
                     util::Existing::kReplace);
  return file;
}

util::Existing SongWriter::existing() const {
  const bool replaces = options_.force || !options_.paths.empty();
  return util::existing_if(replaces);
}

void SongWriter::write_beside(const fs::path& path, const Song& song, const nlohmann::json& sidecar,
                              WrittenFiles& files) const {
  if (options_.save_latents) {
    const fs::path file = beside(path, kLatentsSuffix);
    write_latents(file, song.latents, LatentFormat::kSafetensors, existing());
    files.add(file);
  }
  if (options_.save_codes && !song.composition.audio_codes.empty()) {
    const fs::path file = beside(path, kCodesSuffix);
    util::write_atomically(file, models::print_audio_codes(song.composition.audio_codes) + "\n",
                           existing());
    files.add(file);
  }
  if (options_.plot) {
    const fs::path file = beside(path, kPlotSuffix);
    util::write_atomically(file,
                           audio::draw_song(song.waveform, spectrogram_of(song.waveform),
                                            title_of(song.composition.caption)),
                           existing());
    files.add(file);
  }
  if (options_.save_lyrics && song.review.lyrics) {
    const fs::path file = beside(path, kLyricsSuffix);
    util::write_atomically(
        file, alignment::write_lyrics(*song.review.lyrics, alignment::LyricFormat::kLrc) + "\n",
        existing());
    files.add(file);
  }
  if (options_.sidecar) {
    const fs::path file = beside(path, kSidecarSuffix);
    util::write_atomically(file, print(sidecar), existing());
    files.add(file);
  }
}

}  // namespace acestep::pipeline
