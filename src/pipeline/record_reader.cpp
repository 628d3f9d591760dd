#include "pipeline/record_reader.h"

#include <string_view>

#include "acestep/version.h"
#include "pipeline/record.h"
#include "pipeline/song_names.h"
#include "util/error.h"
#include "util/mapped_file.h"
#include "util/quoted_text.h"
#include "util/sha256.h"
#include "util/strict_json.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

using nlohmann::json;

// A song of ten minutes has a record of about 30 kB.
constexpr util::JsonLimits kRecordLimits{.max_bytes = std::size_t{16} << 20, .max_depth = 16};

constexpr const char* kWhatToGive =
    "give a song made by acestep, or the NAME.json that was written beside it";

[[noreturn]] void fail(const fs::path& file, const std::string& what,
                       const std::string& hint = kWhatToGive) {
  throw Error(ErrorCode::kInput, file.string() + ": " + what, hint);
}

// Text at `key` of an object; "" for anything else.
std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool has_our_schema(const json& value) {
  return value.is_object() && text_at(value, "schema") == kRecordSchema;
}

// Throws unless it is one of our records.
void require_record(const json& record, const fs::path& file) {
  if (!has_our_schema(record)) {
    const std::string schema = record.is_object() ? text_at(record, "schema") : std::string();
    if (schema.starts_with("acestep/")) {
      fail(file,
           "its record has the schema " + util::in_quotes(schema) + ", this program reads '" +
               kRecordSchema + "'",
           "use a newer acestep");
    }
    fail(file,
         "is JSON, but no record of a song: \"schema\" is not '" + std::string(kRecordSchema) + "'",
         "a request is used with: acestep generate -c FILE");
  }
  for (const char* key : {"request", "models", "composition", "song"}) {
    if (record.contains(key) && !record.at(key).is_object()) {
      fail(file, std::string("the record is damaged: \"") + key + "\" is no object");
    }
  }
}

std::vector<std::string> left_out_of(const json& record, const fs::path& file) {
  std::vector<std::string> names;
  const auto list = record.find("left_out");
  if (list == record.end()) return names;
  if (!list->is_array()) fail(file, "the record is damaged: \"left_out\" is no list");
  for (const json& name : *list) {
    if (!name.is_string()) fail(file, "the record is damaged: \"left_out\" holds no names");
    names.push_back(name.get<std::string>());
  }
  return names;
}

// The digest of the song that a sidecar was written for.
std::string song_digest(const json& sidecar) {
  return sidecar.contains("song") ? text_at(sidecar.at("song"), "audio_sha256") : std::string();
}

bool starts_like_json(const fs::path& file) {
  const util::MappedFile mapped(file, ErrorCode::kInput);
  const std::string_view text(reinterpret_cast<const char*>(mapped.bytes().data()),
                              mapped.bytes().size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

audio::SoundFile read_whole_sound(const fs::path& file) {
  audio::SoundFile sound = audio::read_sound_file(file);
  if (!sound.breaks_off) return sound;
  fail(file,
       "the file breaks off: " + std::to_string(sound.waveform.seconds()) +
           " seconds of its sound are there",
       "copy it again; the record may also stand in " + beside(file, kSidecarSuffix).string());
}

// The song beside a sidecar, if it is there and unchanged.
void find_song(FoundRecord& found) {
  const std::string digest = song_digest(found.record);
  for (const char* ending : {".flac", ".wav", ".mp3", ".opus", ".ogg"}) {
    const fs::path song = beside(found.file, ending);
    std::error_code error;
    if (!fs::is_regular_file(song, error)) continue;
    if (util::sha256_of_file(song) == digest) {
      found.song_file = song;
      found.sound = read_whole_sound(song);
      return;
    }
    found.remarks.push_back(song.string() + " is not the song that " + found.file.string() +
                            " was written for, or was changed");
  }
}

FoundRecord from_sidecar(const fs::path& file) {
  FoundRecord found;
  found.record = util::read_json_file(file, kRecordLimits, ErrorCode::kInput);
  require_record(found.record, file);
  found.file = file;
  found.left_out = left_out_of(found.record, file);
  find_song(found);
  return found;
}

// The sidecar of exactly this song, if there is one. What lies there may be anything.
std::optional<json> matching_sidecar(const fs::path& song, std::vector<std::string>& remarks) {
  const fs::path file = beside(song, kSidecarSuffix);
  std::error_code error;
  if (!fs::is_regular_file(file, error) || !starts_like_json(file)) return std::nullopt;
  json sidecar = util::read_json_file(file, kRecordLimits, ErrorCode::kInput);
  if (!has_our_schema(sidecar)) return std::nullopt;
  require_record(sidecar, file);
  if (song_digest(sidecar) == util::sha256_of_file(song)) return sidecar;
  remarks.push_back(file.string() + " was written for another song, or this one was changed");
  return std::nullopt;
}

json embedded_record(const fs::path& file, const audio::Tags& tags) {
  const std::string& comment = tags.comment;
  if (comment.empty()) {
    const std::string maker =
        tags.software.empty() ? "" : "; it was written by " + util::in_quotes(tags.software);
    fail(file, "holds no record of how it was made" + maker);
  }
  if (!comment.starts_with('{')) {
    fail(file,
         "was not made by acestep, or its comment was replaced by " + util::in_quotes(comment));
  }
  json record =
      util::parse_json(comment, file.string() + ", comment", kRecordLimits, ErrorCode::kInput);
  require_record(record, file);
  return record;
}

FoundRecord from_song(const fs::path& file) {
  FoundRecord found;
  found.song_file = file;
  found.sound = read_whole_sound(file);
  if (auto sidecar = matching_sidecar(file, found.remarks)) {
    found.record = std::move(*sidecar);
    found.file = beside(file, kSidecarSuffix);
  } else {
    found.record = embedded_record(file, found.sound->tags);
    found.file = file;
    found.is_embedded = true;
  }
  found.left_out = left_out_of(found.record, found.file);
  return found;
}

// Names of the request's texts that are missing: "lyrics", or "request" for all of it.
std::vector<std::string> missing_of_request(const FoundRecord& found) {
  constexpr std::string_view kPrefix = "request";
  std::vector<std::string> missing;
  for (const std::string& name : found.left_out) {
    if (name.starts_with(kPrefix)) missing.push_back(name);
  }
  if (missing.empty() && !found.record.contains("request")) missing.emplace_back(kPrefix);
  return missing;
}

// Where the sounds lay that the song was made from: the sidecar alone tells.
json with_source(json request, const json& record) {
  const auto song = record.find("song");
  if (song == record.end()) return request;
  for (const char* key : {"src_audio", "src_latents", "reference_audio"}) {
    const std::string file = text_at(*song, key);
    if (!file.empty()) request[key] = file;
  }
  return request;
}

// A song that carries its record does not say where the sounds lie that it was made from.
void tell_about_sounds(const json& source, std::vector<std::string>& remarks) {
  const auto tell = [&](const char* digest, const std::string& what, const std::string& option) {
    if (text_at(source, digest).empty()) return;
    remarks.push_back("the song was made from " + what + ", which its record does not name: add " +
                      option + " FILE to make it again");
  };
  const bool has_audio = !text_at(source, "audio_sha256").empty();
  if (!has_audio) tell("latents_sha256", "saved latents", "--src_latents");
  tell("audio_sha256", "source audio", "--src_audio");
  tell("reference_sha256", "reference audio", "--reference_audio");
}

// With --compat reference a song depends on the songs made together with it.
void tell_about_batch(const json& request, std::vector<std::string>& remarks) {
  const auto size = request.find("batch_size");
  if (size == request.end() || !size->is_number_integer() || *size == 1) return;
  remarks.push_back("the song was made together with others: its request makes all " +
                    size->dump() + " of them");
}

}  // namespace

bool is_song_of_sidecar(const fs::path& song) {
  std::vector<std::string> ignored;
  return matching_sidecar(song, ignored).has_value();
}

FoundRecord find_record(const fs::path& file) {
  FoundRecord found = starts_like_json(file) ? from_sidecar(file) : from_song(file);
  const std::string version = text_at(found.record, "version");
  if (version != kVersion) {
    found.remarks.push_back("made by acestep " + (version.empty() ? "?" : version) + ", this is " +
                            kVersion + ": a song made again may differ");
  }
  if (found.record.contains("request")) {
    tell_about_batch(found.record.at("request"), found.remarks);
  }
  if (found.is_embedded && found.record.contains("source")) {
    tell_about_sounds(found.record.at("source"), found.remarks);
  }
  return found;
}

json repeating_request(const FoundRecord& found) {
  const std::vector<std::string> missing = missing_of_request(found);
  if (missing.empty()) return with_source(with_defaults(found.record.at("request")), found.record);
  std::string list;
  for (const std::string& name : missing) list += (list.empty() ? "" : ", ") + name;
  fail(found.file, "the record leaves out " + list + ", which did not fit into the file",
       "the whole record stands in the NAME.json that was written beside the song");
}

}  // namespace acestep::pipeline
