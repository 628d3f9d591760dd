#include "pipeline/song_writer.h"

#include <ATen/ATen.h>

#include <span>
#include <vector>

#include "acestep/version.h"
#include "models/audio_codes.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/sha256.h"
#include "weights/safetensors_writer.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

// Removes what was written of a song unless all of it was.
class WrittenFiles {
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

void write_latents(const fs::path& file, const at::Tensor& latents, util::Existing existing) {
  const at::Tensor values = latents.to(at::kCPU, at::kFloat).contiguous();
  const std::span<const std::byte> bytes(static_cast<const std::byte*>(values.const_data_ptr()),
                                         values.nbytes());
  weights::write_safetensors(file,
                             {{"latents", weights::StoredType::kF32, values.sizes().vec(), bytes}},
                             {.metadata = {{"latent_rate_hz", "25"}}, .existing = existing});
}

std::string print(const nlohmann::json& value) {
  return value.dump(2, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

}  // namespace

audio::FileFormat parse_audio_format(const std::string& name) {
  if (name == "flac") return audio::FileFormat::kFlac16;
  if (name == "wav") return audio::FileFormat::kWav16;
  if (name == "wav24") return audio::FileFormat::kWav24;
  if (name == "wav32") return audio::FileFormat::kWav32Float;
  throw Error(ErrorCode::kUsage, "audio_format '" + name + "' is not supported",
              "use flac, wav, wav24 or wav32");
}

SongWriter::SongWriter(OutputOptions options, audio::FileFormat format,
                       std::function<void()> check_stop)
    : options_(std::move(options)), format_(format), check_stop_(std::move(check_stop)) {}

WrittenSong SongWriter::write(const Song& song, const NameFacts& name, const nlohmann::json& record,
                              const nlohmann::json& facts) const {
  const audio::Tags tags{
      .title = song.composition.caption.substr(0, song.composition.caption.find('\n')),
      .software = std::string("acestep ") + kVersion,
      .comment = compact_record(record, audio::max_comment_bytes(format_))};
  const std::vector<std::byte> bytes = audio::encode_audio(song.waveform, format_, tags);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  const auto existing = options_.force ? util::Existing::kReplace : util::Existing::kRefuse;

  WrittenSong written{choose_path(options_, name), util::sha256_of(text)};
  WrittenFiles files;
  if (check_stop_) check_stop_();
  util::write_atomically(written.path, text, existing);
  files.add(written.path);
  if (options_.save_latents) {
    const fs::path file = beside(written.path, kLatentsSuffix);
    write_latents(file, song.latents, existing);
    files.add(file);
  }
  if (options_.save_codes && !song.composition.audio_codes.empty()) {
    const fs::path file = beside(written.path, kCodesSuffix);
    util::write_atomically(file, models::print_audio_codes(song.composition.audio_codes) + "\n",
                           existing);
    files.add(file);
  }
  if (options_.sidecar) {
    nlohmann::json sidecar = record;
    sidecar["song"] = facts;
    sidecar["song"]["audio_sha256"] = written.sha256;
    const fs::path file = beside(written.path, kSidecarSuffix);
    util::write_atomically(file, print(sidecar), existing);
    files.add(file);
  }
  if (check_stop_) check_stop_();
  files.keep();
  return written;
}

}  // namespace acestep::pipeline
