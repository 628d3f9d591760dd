#include "pipeline/song_names.h"

#include <unistd.h>

#include <cctype>

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
  throw Error(ErrorCode::kUsage, "the name '" + pattern + "' holds the unknown field {" + key + "}",
              "use {date}, {slug}, {seed} and {index}");
}

fs::path exact_path(const OutputOptions& options, const NameFacts& facts) {
  return fill_template(options.output, facts);
}

bool is_taken(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
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
    tells_songs_apart = tells_songs_apart || key == "seed" || key == "index";
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

fs::path choose_path(const OutputOptions& options, const NameFacts& facts) {
  if (!options.output.empty()) return exact_path(options, facts);
  const std::string name = fill_template(options.name_template, facts);
  fs::path path = options.save_dir / (name + "." + facts.extension);
  for (int number = 2; is_taken(path) && !options.force; ++number) {
    path = options.save_dir / (name + "-" + std::to_string(number) + "." + facts.extension);
  }
  return path;
}

void require_writable(const OutputOptions& options, const NameFacts& first) {
  fs::path folder = options.save_dir;
  if (!options.output.empty()) {
    const fs::path path = exact_path(options, first);
    if (is_taken(path) && !options.force) {
      throw Error(ErrorCode::kOutput, path.string() + " exists already",
                  "choose another name or pass --force");
    }
    if (fs::is_directory(path)) {
      throw Error(ErrorCode::kOutput, path.string() + " is a folder",
                  "name a file, or use --save_dir for a folder");
    }
    folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  } else {
    fill_template(options.name_template, first);
  }
  std::error_code error;
  fs::create_directories(folder, error);
  if (error || ::access(folder.c_str(), W_OK | X_OK) != 0) {
    throw Error(ErrorCode::kOutput,
                "cannot write to folder " + folder.string() +
                    (error ? ": " + error.message() : std::string(": permission denied")),
                "choose another with --save_dir or --output");
  }
}

}  // namespace acestep::pipeline
