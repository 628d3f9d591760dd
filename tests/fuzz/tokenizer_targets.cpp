#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "fuzz/outcome.h"
#include "fuzz/seeds.h"
#include "fuzz/targets.h"
#include "text/tokenizer.h"

namespace acestep::fuzz {
namespace {

namespace fs = std::filesystem;

using Files = std::vector<std::pair<std::string, std::string>>;  // name and content

// A folder with files, which goes away at the end of the program.
class Folder final {
 public:
  explicit Folder(const Files& files) {
    std::string pattern = (fs::temp_directory_path() / "acestep-fuzz-XXXXXX").string();
    require(::mkdtemp(pattern.data()) != nullptr, "no temporary folder");
    path_ = pattern;
    for (const auto& [name, content] : files) write(name, content);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  void write(const std::string& name, std::string_view content) const {
    std::ofstream(path_ / name, std::ios::binary) << content;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

int try_folder(const fs::path& folder) {
  return outcome(ErrorCode::kModel, [&] {
    const text::Tokenizer tokenizer(folder);
    const auto ids =
        tokenizer.encode("abc<|end|> caf\u00e9 \U0001F3B5 aaaaaaaaaaaaaaaaaaaaaaaaaaab\n");
    for (const int64_t id : ids) require(id >= 0 && id < tokenizer.size(), "an id out of range");
  });
}

}  // namespace

int fuzz_tokenizer_json(const uint8_t* bytes, size_t count) {
  static const Folder folder({{"tokenizer_config.json", tokenizer_config_seed()}});
  folder.write("tokenizer.json", as_text(bytes, count));
  return try_folder(folder.path());
}

int fuzz_tokenizer_config(const uint8_t* bytes, size_t count) {
  static const Folder folder({{"tokenizer.json", tokenizer_json_seed()}});
  folder.write("tokenizer_config.json", as_text(bytes, count));
  return try_folder(folder.path());
}

int fuzz_merges(const uint8_t* bytes, size_t count) {
  static const Folder folder(
      {{"vocab.json", vocabulary_seed()}, {"tokenizer_config.json", tokenizer_config_seed()}});
  folder.write("merges.txt", as_text(bytes, count));
  return try_folder(folder.path());
}

}  // namespace acestep::fuzz
