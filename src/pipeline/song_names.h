// File names for finished songs, from an exact name or a template.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace acestep::pipeline {

// In place of a file's name.
inline constexpr char kStandardOutput[] = "-";

struct OutputOptions {
  std::filesystem::path save_dir = "output";
  // One exact file, or a template when there are several songs; "-": standard output; empty:
  // below.
  std::string output = {};
  std::string name_template = "{date}-{slug}-{seed}-{index}";  // without folder and extension
  bool force = false;                                          // replace existing files
  bool sidecar = true;                                         // NAME.json beside each song
  bool save_latents = false;                                   // NAME.latents.safetensors
  bool save_codes = false;                                     // NAME.codes.txt
  bool plot = false;                                           // NAME.svg
  bool save_lyrics = false;                                    // NAME.lrc, for songs that have it
  // File for every song's request without a language model (composed_request.h); empty: none.
  std::filesystem::path keep_requests = {};
  // Decided before, one per song: neither rules nor existing files count then.
  std::vector<std::filesystem::path> paths = {};
};

// What a name may say about a song.
struct NameFacts {
  std::string date = {};     // "20261123-184512"
  std::string caption = {};  // {slug} is made from it
  uint64_t seed = 0;
  std::string uuid = {};       // the same for the same request and seed
  int64_t index = 0;           // from 1
  int64_t songs = 1;           // that are written
  std::string track = {};      // "vocals"; empty without one
  std::string extension = {};  // "flac"
};

// Lower-case letters and digits of the caption's first words joined by '-', at most 40 bytes;
// "song" when nothing is left.
std::string slug(const std::string& caption);

// `pattern` with {date}, {slug}, {seed}, {index}, {uuid} and {track} filled in. Throws Error kUsage
// for any other name in braces, and for a pattern that would give several songs one name.
std::string fill_template(const std::string& pattern, const NameFacts& facts);

// Files that may lie beside a song, by what replaces its extension.
inline constexpr char kSidecarSuffix[] = ".json";
inline constexpr char kLatentsSuffix[] = ".latents.safetensors";
inline constexpr char kCodesSuffix[] = ".codes.txt";
inline constexpr char kPlotSuffix[] = ".svg";
// Without its song it is what a song that was given up has left behind, and nobody's to keep.
inline constexpr char kPreviewSuffix[] = ".preview.wav";
inline constexpr char kLyricsSuffix[] = ".lrc";

// "song.flac" and ".json" -> "song.json", in the same folder.
std::filesystem::path beside(const std::filesystem::path& song, const std::string& suffix);

// The song's file. A template's name that is taken, by a song, by what lies beside one or because
// it is in `taken`, gets "-2", "-3", … unless forced.
std::filesystem::path choose_path(const OutputOptions& options, const NameFacts& facts,
                                  const std::set<std::string>& taken = {});

// Makes sure before any work that every song can be written: its folder exists (created if not) and
// takes files, its name differs from the other songs' names, and an exact name is free unless
// forced. Throws Error kOutput or kUsage.
void require_writable(const OutputOptions& options, const std::vector<NameFacts>& songs);

}  // namespace acestep::pipeline
