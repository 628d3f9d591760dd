#include "cli/inspect_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <utility>
#include <vector>

#include "audio/loudness.h"
#include "audio/mastering.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

using nlohmann::json;
using pipeline::FoundRecord;

std::string rounded(double number, const char* format) {
  char text[64];
  std::snprintf(text, sizeof(text), format, number);
  return text;
}

double peak_db(const audio::Waveform& waveform) {
  return 20.0 * std::log10(static_cast<double>(audio::peak(waveform)));
}

// The first line of a stranger's text, without what moves a terminal's cursor.
std::string first_line(const std::string& text) {
  std::string line = text.substr(0, text.find('\n'));
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }, ' ');
  return line;
}

std::string glimpse(const std::string& text) { return request::in_quotes(first_line(text)); }

std::string text_at(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// An object of the record and the values in it; whatever is not there is "".
class Part {
 public:
  Part(const json& record, const char* key)
      : object_(record.contains(key) ? record.at(key) : json::object()) {}

  std::string text(const char* key) const { return text_at(object_, key); }
  // Numbers, truths and lists as JSON writes them; of a text its first line.
  std::string value(const char* key) const {
    const auto found = object_.find(key);
    if (found == object_.end() || found->is_null()) return "";
    return found->is_string() ? first_line(found->get<std::string>()) : found->dump();
  }
  // "LABEL VALUE", "" without a value.
  std::string named(const std::string& label, const char* key) const {
    const std::string found = value(key);
    return found.empty() ? "" : label + ' ' + found;
  }
  // The first digits of a SHA-256 sum.
  std::string digest(const std::string& label, const char* key) const {
    const std::string found = value(key);
    return found.empty() ? "" : label + ' ' + found.substr(0, 8);
  }
  // For texts that people wrote.
  std::string quoted(const char* key) const {
    const std::string found = text(key);
    return found.empty() ? "" : glimpse(found);
  }

 private:
  json object_;
};

std::string joined(std::vector<std::string> parts) {
  std::erase(parts, "");
  return request::join(parts, ", ");
}

std::string about_song(const FoundRecord& found) {
  if (!found.sound) return "not found beside " + found.file.string();
  const audio::Waveform& waveform = found.sound->waveform;
  const double lufs = audio::integrated_lufs(waveform);
  return joined(
      {found.song_file.string(), found.sound->format,
       std::to_string(waveform.sample_rate_hz) + " Hz",
       waveform.channels == 2 ? "stereo" : std::to_string(waveform.channels) + " channels",
       rounded(waveform.seconds(), "%.2f s"), "peak " + rounded(peak_db(waveform), "%.2f dB"),
       std::isfinite(lufs) ? rounded(lufs, "%.1f LUFS") : "silent"});
}

std::string about_record(const FoundRecord& found) {
  std::string place = found.is_embedded ? "in the song" : found.file.string();
  if (!found.is_embedded && found.sound) place += ", written for exactly this song";
  if (found.left_out.empty()) return place + ", complete";
  return place + ", without " + request::join(found.left_out, ", ");
}

// "12 lines, '[Verse]'"
std::string about_lyrics(const std::string& lyrics) {
  if (lyrics.empty()) return "none";
  const auto lines = static_cast<size_t>(std::count(lyrics.begin(), lyrics.end(), '\n')) + 1;
  if (lines == 1) return glimpse(lyrics);
  return std::to_string(lines) + " lines, " + glimpse(lyrics);
}

std::string about_codes(const json& record) {
  const auto codes = record.find("audio_codes");
  if (codes == record.end() || !codes->is_array() || codes->empty()) return "";
  return std::to_string(codes->size()) + " audio codes";
}

// "singer (LoRA) at 0.8, …"
std::string about_adapters(const json& record) {
  const auto list = record.find("adapters");
  if (list == record.end() || !list->is_array()) return "";
  std::vector<std::string> adapters;
  for (const json& item : *list) {
    const Part adapter(json{{"it", item}}, "it");
    adapters.push_back(adapter.value("name") + " (" + adapter.value("method") + ") at " +
                       adapter.value("scale"));
  }
  return joined(std::move(adapters));
}

using Row = std::pair<std::string, std::string>;

std::vector<Row> rows_of(const FoundRecord& found) {
  const json& record = found.record;
  const Part request(record, "request");
  const Part models(record, "models");
  const Part made(record, "composition");
  const Part run(record, "song");
  const Part source(record, "source");
  const std::string compat = request.text("compat") == "reference" ? "as the reference" : "";
  const std::string version = first_line(text_at(record, "version"));
  const bool has_request = record.contains("request");
  return {
      {"song", about_song(found)},
      {"record", about_record(found)},
      {"made by", version.empty() ? "" : "acestep " + version},
      {"made on", joined({run.value("device"), run.named("threads", "threads"),
                          run.named("libtorch", "libtorch")})},
      {"caption", request.quoted("caption")},
      {"lyrics", has_request ? about_lyrics(request.text("lyrics")) : ""},
      {"composed", joined({made.named("bpm", "bpm"), made.named("key", "keyscale"),
                           made.named("metre", "timesignature"), made.named("seconds", "duration"),
                           made.named("language", "language")})},
      {"from caption", made.quoted("caption")},
      {"made from", joined({source.digest("source", "audio_sha256"),
                            source.digest("its latents", "latents_sha256"),
                            source.digest("reference", "reference_sha256")})},
      {"models",
       joined({models.value("dit"), models.named("language model", "lm"),
               models.named("text encoder", "text_encoder"), models.named("vae", "vae")})},
      {"adapters", about_adapters(record)},
      {"precision", joined({request.value("dtype"), request.named("quantization", "quantization"),
                            request.named("random numbers", "rng"), compat})},
      {"seeds", joined({request.named("song", "seeds"), request.named("language model", "lm_seed"),
                        request.named("global", "global_seed")})},
      {"sampling",
       joined({request.named("steps", "inference_steps"), request.named("shift", "shift"),
               request.named("guidance", "guidance_scale"), request.value("infer_method"),
               request.named("dcw", "dcw_enabled")})},
      {"language model",
       joined({request.named("thinking", "thinking"), about_codes(record),
               request.named("temperature", "lm_temperature"),
               request.named("guidance", "lm_cfg_scale"), request.named("top_p", "lm_top_p"),
               request.named("top_k", "lm_top_k")})},
      {"output",
       joined({request.value("audio_format"), request.named("peak dB", "normalization_db"),
               request.named("LUFS", "loudness"), request.named("true peak dB", "true_peak"),
               request.named("trimmed", "auto_trim"), request.named("fade in", "fade_in_duration"),
               request.named("fade out", "fade_out_duration")})},
  };
}

json audio_json(const audio::Waveform& waveform, const std::string& format) {
  const double lufs = audio::integrated_lufs(waveform);
  return {{"format", format},
          {"sample_rate", waveform.sample_rate_hz},
          {"channels", waveform.channels},
          {"samples", waveform.frames()},
          {"duration", waveform.seconds()},
          {"peak_db", peak_db(waveform)},
          {"lufs", std::isfinite(lufs) ? json(lufs) : json(nullptr)}};
}

}  // namespace

std::string inspect_text(const FoundRecord& found) {
  constexpr size_t kColumn = 16;
  std::ostringstream out;
  const auto write = [&out](const std::string& label, const std::string& text) {
    if (text.empty()) return;
    out << label << std::string(kColumn - label.size(), ' ') << text << '\n';
  };
  for (const Row& row : rows_of(found)) write(row.first, row.second);
  for (const std::string& remark : found.remarks) write("remark", remark);
  return out.str();
}

json inspect_json(const FoundRecord& found) {
  json result = {{"file", found.song_file.empty() ? found.file.string() : found.song_file.string()},
                 {"audio", nullptr},
                 {"tags", nullptr},
                 {"record_from", found.is_embedded ? "embedded" : "sidecar"},
                 {"record_file", found.file.string()},
                 {"left_out", found.left_out},
                 {"remarks", found.remarks},
                 {"record", found.record}};
  if (found.sound) {
    result["audio"] = audio_json(found.sound->waveform, found.sound->format);
    result["tags"] = {{"title", found.sound->tags.title}, {"software", found.sound->tags.software}};
  }
  return result;
}

}  // namespace acestep::cli
