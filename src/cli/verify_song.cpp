#include "cli/verify_song.h"

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "audio/difference.h"
#include "cli/engine_call.h"
#include "cli/log.h"
#include "cli/prepare.h"
#include "cli/progress.h"
#include "cli/record_difference.h"
#include "cli/signals.h"
#include "pipeline/record_reader.h"
#include "request/document.h"
#include "util/error.h"
#include "util/sha256.h"
#include "util/temp_folder.h"

namespace acestep::cli {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using pipeline::FoundRecord;

struct Verdict {
  bool is_same_file = false;
  std::optional<double> snr_db = {};  // absent: of another length, rate or number of channels
  std::vector<std::string> differences = {};

  bool is_same_sound() const { return snr_db && std::isinf(*snr_db); }
};

FoundRecord record_of_song(const std::string& file) {
  FoundRecord found = pipeline::find_record(file);
  if (found.sound) return found;
  throw Error(ErrorCode::kInput, file + ": the song that it was written for is not beside it",
              "give the song's own file, with its sidecar beside it");
}

Prepared prepare_again(const CommandCall& call, const FoundRecord& found) {
  const request::Document request = request::read_request_json(
      pipeline::repeating_request(found).dump(), found.file.string() + ".json");
  return prepare(read_given_settings(call), request);
}

// The songs of the record's request, one but for --compat reference, as files of `folder`.
std::vector<fs::path> make_again(const Prepared& prepared, const CommandCall& call,
                                 const fs::path& folder) {
  util::StopToken stop;
  const SignalGuard guard(stop);
  Progress progress(progress_style(prepared.settings(), isatty(STDERR_FILENO) == 1), std::cerr);
  pipeline::Session session(machine_options(prepared), call.surroundings().cuda);
  const SongCall songs{
      prepared, plan_songs(prepared), {.save_dir = folder, .name_template = "{index}"}};
  const json result = make_songs(songs, session, progress, stop);
  progress.done(0);
  std::vector<fs::path> files;
  for (const json& audio : result.at("audios"))
    files.emplace_back(audio.at("path").get<std::string>());
  return files;
}

// The one of several songs that stands where the old one stood, as far as its record tells.
const fs::path& counterpart(const std::vector<fs::path>& files, const FoundRecord& found) {
  const json song = found.record.value("song", json::object());
  const auto index = song.find("index");
  const bool is_told = index != song.end() && index->is_number_unsigned();
  const size_t place = is_told ? index->get<size_t>() : 1;
  return files.at(place >= 1 && place <= files.size() ? place - 1 : 0);
}

Verdict judge(const FoundRecord& before, const std::vector<fs::path>& files) {
  const std::string digest = util::sha256_of_file(before.song_file);
  for (const fs::path& file : files) {
    if (util::sha256_of_file(file) != digest) continue;
    return {.is_same_file = true, .snr_db = INFINITY};
  }
  const FoundRecord after = pipeline::find_record(counterpart(files, before));
  Verdict verdict{
      .snr_db = audio::signal_to_noise_db(after.sound->waveform, before.sound->waveform),
      .differences = record_differences(before.record, after.record)};
  return verdict;
}

std::string distance_text(const Verdict& verdict) {
  if (!verdict.snr_db) return "of another length";
  char text[32];
  std::snprintf(text, sizeof(text), "%.1f dB apart", *verdict.snr_db);
  return text;
}

std::string verdict_text(const Verdict& verdict) {
  if (verdict.is_same_file) return "the same, byte for byte";
  if (verdict.is_same_sound()) return "the same sound, in a file that differs beside it";
  return "another song, " + distance_text(verdict);
}

void print_text(const FoundRecord& found, const Verdict& verdict) {
  std::cout << found.song_file.string() << ": " << verdict_text(verdict) << '\n';
  for (const std::string& line : verdict.differences) std::cout << "  " << line << '\n';
  if (!verdict.is_same_sound() && verdict.differences.empty()) {
    std::cout << "  its record says the same: the machine or the number of threads differ\n";
  }
  for (const std::string& remark : found.remarks) std::cout << "  " << remark << '\n';
}

void print_json(const FoundRecord& found, const Verdict& verdict, int exit_code) {
  const bool has_number = verdict.snr_db && std::isfinite(*verdict.snr_db);
  const json object = {{"success", exit_code == 0},
                       {"exit_code", exit_code},
                       {"file", found.song_file.string()},
                       {"same_file", verdict.is_same_file},
                       {"same_sound", verdict.is_same_sound()},
                       {"snr_db", has_number ? json(*verdict.snr_db) : json(nullptr)},
                       {"differences", verdict.differences},
                       {"remarks", found.remarks}};
  std::cout << object.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

}  // namespace

int verify_song(const CommandCall& call) {
  const FoundRecord found = record_of_song(call.text("verify"));
  const Prepared prepared = prepare_again(call, found);
  start_log(prepared.settings());
  log_findings(prepared.findings);
  const util::TempFolder folder("acestep-verify");
  const Verdict verdict = judge(found, make_again(prepared, call, folder.path()));
  const int exit_code = verdict.is_same_sound() ? 0 : static_cast<int>(ErrorCode::kRejected);
  if (prepared.settings().json) {
    print_json(found, verdict, exit_code);
  } else {
    print_text(found, verdict);
  }
  return exit_code;
}

}  // namespace acestep::cli
