#include "pipeline/song_names.h"

#include <unistd.h>

#include <cctype>
#include <set>

#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t kMostSlugBytes = 40;

std::string value_of(const std::string& key, const std::string& pattern, const NameFacts& facts) {
  if (key == "date") return facts.date;
  if (key == "slug") return slug(facts.caption);
  if (key == "seed") return std::to_string(facts.seed);
  if (key == "index") return std::to_string(facts.index);
  if (key == "uuid") return facts.uuid;
  if (key == "track") return facts.track.empty() ? "song" : slug(facts.track);
  throw Error(ErrorCode::kUsage, "the name '" + pattern + "' holds the unknown field {" + key + "}",
              "use {date}, {slug}, {seed}, {index}, {uuid} and {track}");
}

bool is_standard_output(const OutputOptions& options) { return options.output == kStandardOutput; }

bool has_exact_name(const OutputOptions& options) { return !options.output.empty(); }

bool lies_there(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

// Would writing this song with what belongs to it meet an existing file?
bool is_taken(const OutputOptions& options, const fs::path& song) {
  return lies_there(song) || (options.sidecar && lies_there(beside(song, kSidecarSuffix))) ||
         (options.save_latents && lies_there(beside(song, kLatentsSuffix))) ||
         (options.save_codes && lies_there(beside(song, kCodesSuffix))) ||
         (options.plot && lies_there(beside(song, kPlotSuffix))) ||
         (options.save_lyrics && lies_there(beside(song, kLyricsSuffix)));
}

// Without a number behind it.
fs::path first_choice(const OutputOptions& options, const NameFacts& facts) {
  if (has_exact_name(options)) return fill_template(options.output, facts);
  return options.save_dir / (fill_template(options.name_template, facts) + "." + facts.extension);
}

void require_usable(const OutputOptions& options, const fs::path& exact) {
  std::error_code error;
  if (fs::is_directory(exact, error) || !exact.has_filename()) {
    throw Error(ErrorCode::kOutput, exact.string() + " is a folder",
                "name a file, or use --save_dir for a folder");
  }
  if (options.sidecar && exact == beside(exact, kSidecarSuffix)) {
    throw Error(ErrorCode::kUsage, exact.string() + " is the name of the song's own JSON file",
                "choose another ending or pass --no-sidecar");
  }
  if (!options.force && is_taken(options, exact)) {
    throw Error(ErrorCode::kOutput, exact.string() + " or a file beside it exists already",
                "choose another name or pass --force");
  }
}

void require_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (!error && ::access(folder.c_str(), W_OK | X_OK) == 0) return;
  throw Error(ErrorCode::kOutput,
              "cannot write to folder " + folder.string() +
                  (error ? ": " + error.message() : std::string(": permission denied")),
              "choose another with --save_dir or --output");
}

void require_folder_of(const fs::path& song) {
  const fs::path folder = song.has_parent_path() ? song.parent_path() : fs::path(".");
  require_folder(folder);
  util::remove_abandoned_parts(folder);
}

}  // namespace

std::string slug(const std::string& caption) {
  std::string result;
  for (const char character : caption) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 128 && std::isalnum(byte) != 0) {
      result += static_cast<char>(std::tolower(byte));
    } else if (!result.empty() && result.back() != '-') {
      result += '-';
    }
    if (result.size() >= kMostSlugBytes) break;
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result.empty() ? "song" : result;
}

std::string fill_template(const std::string& pattern, const NameFacts& facts) {
  std::string result;
  bool tells_songs_apart = false;
  std::size_t position = 0;
  while (position < pattern.size()) {
    const std::size_t open = pattern.find('{', position);
    const std::size_t close = open == std::string::npos ? open : pattern.find('}', open);
    if (close == std::string::npos) break;
    const std::string key = pattern.substr(open + 1, close - open - 1);
    result += pattern.substr(position, open - position) + value_of(key, pattern, facts);
    tells_songs_apart = tells_songs_apart || key == "seed" || key == "index" || key == "uuid";
    position = close + 1;
  }
  result += pattern.substr(position);
  if (facts.songs > 1 && !tells_songs_apart) {
    throw Error(ErrorCode::kUsage,
                "the name '" + pattern + "' would be the same for all " +
                    std::to_string(facts.songs) + " songs",
                "put {index} or {seed} into it");
  }
  return result;
}

fs::path beside(const fs::path& song, const std::string& suffix) {
  return song.parent_path() / (song.stem().string() + suffix);
}

fs::path choose_path(const OutputOptions& options, const NameFacts& facts,
                     const std::set<std::string>& taken) {
  if (!options.paths.empty()) return options.paths.at(static_cast<std::size_t>(facts.index) - 1);
  const fs::path first = first_choice(options, facts);
  if (has_exact_name(options) || options.force) return first;
  fs::path path = first;
  for (int number = 2; is_taken(options, path) || taken.contains(path.string()); ++number) {
    path = beside(first, std::string("-").append(std::to_string(number)) + "." + facts.extension);
  }
  return path;
}

void require_writable(const OutputOptions& options, const std::vector<NameFacts>& songs) {
  if (is_standard_output(options)) return;
  for (const fs::path& path : options.paths) require_folder_of(path);
  if (!options.paths.empty()) return;
  const bool keeps_names = has_exact_name(options) || options.force;
  std::set<fs::path> names;
  for (const NameFacts& song : songs) {
    const fs::path path = first_choice(options, song);
    if (has_exact_name(options)) require_usable(options, path);
    // Where one song is kept of several, any of them may have the name.
    if (!names.insert(path).second && keeps_names && song.songs > 1) {
      throw Error(ErrorCode::kUsage, "two songs would be written to " + path.string(),
                  "put {index} into the name");
    }
    require_folder_of(path);
  }
}

}  // namespace acestep::pipeline
