// File names for finished songs, from an exact name or a template.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace acestep::pipeline {

struct OutputOptions {
  std::filesystem::path save_dir = "output";
  std::string output;  // one exact file, or a template when there are several songs; empty: below
  std::string name_template = "{date}-{slug}-{seed}-{index}";  // without folder and extension
  bool force = false;                                          // replace existing files
  bool sidecar = true;                                         // NAME.json beside each song
  bool save_latents = false;                                   // NAME.latents.safetensors
  bool save_codes = false;                                     // NAME.codes.txt
};

// What a name may say about a song.
struct NameFacts {
  std::string date;     // "20261123-184512"
  std::string caption;  // {slug} is made from it
  uint64_t seed = 0;
  int64_t index = 0;  // from 1
  int64_t songs = 1;
  std::string extension;  // "flac"
};

// Lower-case letters and digits of the caption's first words joined by '-', at most 40 bytes;
// "song" when nothing is left.
std::string slug(const std::string& caption);

// `pattern` with {date}, {slug}, {seed} and {index} filled in. Throws Error kUsage for any other
// name in braces, and for a pattern that would give several songs one name.
std::string fill_template(const std::string& pattern, const NameFacts& facts);

// The song's file. A template's name that is taken gets "-2", "-3", … ; an exact name that is taken
// is Error kOutput unless forced.
std::filesystem::path choose_path(const OutputOptions& options, const NameFacts& facts);

// Makes sure before any work that the folder exists (creating it) and can be written, and that an
// exact name is free. Throws Error kOutput or kUsage.
void require_writable(const OutputOptions& options, const NameFacts& first);

}  // namespace acestep::pipeline
