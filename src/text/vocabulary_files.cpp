#include "text/vocabulary_files.h"

#include <fstream>

#include "util/error.h"

namespace acestep::text {
namespace {

std::vector<TokenTable::Entry> read_entries(const JsonView& vocabulary) {
  std::vector<TokenTable::Entry> entries;
  entries.reserve(vocabulary.object().size());
  for (const auto& [token, id] : vocabulary.object().items()) {
    const bool is_id = id.is_number_unsigned() &&
                       id.get<uint64_t>() <= static_cast<uint64_t>(TokenTable::kLargestId);
    if (!is_id) vocabulary.at(token).integer(0, TokenTable::kLargestId);  // throws
    entries.push_back({token, id.get<int64_t>()});
  }
  return entries;
}

std::pair<std::string, std::string> split_merge(const std::string& line,
                                                const std::string& origin) {
  const size_t space = line.find(' ');
  const bool is_pair = space != std::string::npos && space > 0 && space + 1 < line.size() &&
                       line.find(' ', space + 1) == std::string::npos;
  if (!is_pair) {
    throw Error(ErrorCode::kModel,
                origin + ": '" + line + "' is no merge, expected two tokens with a space between");
  }
  return {line.substr(0, space), line.substr(space + 1)};
}

std::pair<std::string, std::string> read_merge(const JsonView& merge) {
  if (merge.is_string()) return split_merge(merge.string(), merge.origin());
  if (merge.array().size() != 2) merge.fail("does not have two tokens");
  return {merge.item(0).string(), merge.item(1).string()};
}

std::vector<std::pair<std::string, std::string>> read_merges(const JsonView& list) {
  std::vector<std::pair<std::string, std::string>> merges;
  merges.reserve(list.array().size());
  for (size_t i = 0; i < list.array().size(); ++i) merges.push_back(read_merge(list.item(i)));
  return merges;
}

// These options change what is encoded; none of the published models sets them.
void refuse_other_kinds(const JsonView& model) {
  const std::string type = model.string_or("type", "BPE");
  if (type != "BPE") model.at("type").fail("is '" + type + "', expected 'BPE'");
  for (const char* option : {"ignore_merges", "byte_fallback"}) {
    if (model.is_true(option)) model.at(option).fail("is true, which is not supported");
  }
  for (const char* option : {"continuing_subword_prefix", "end_of_word_suffix"}) {
    if (!model.string_or(option, "").empty())
      model.at(option).fail("is set, which is not supported");
  }
  if (model.find("dropout")) model.at("dropout").fail("is set, which is not supported");
}

}  // namespace

Vocabulary read_vocabulary(const JsonView& model) {
  refuse_other_kinds(model);
  const JsonView merges = model.at("merges");
  return {read_entries(model.at("vocab")), read_merges(merges), merges.origin()};
}

Vocabulary read_vocabulary(const std::filesystem::path& folder) {
  Vocabulary vocabulary;
  const JsonFile tokens(folder / "vocab.json");
  vocabulary.entries = read_entries(tokens.root());

  const std::filesystem::path merges = folder / "merges.txt";
  vocabulary.origin = merges.string();
  std::ifstream in(merges, std::ios::binary);
  if (!in) throw Error(ErrorCode::kModel, vocabulary.origin + ": cannot be read");
  std::string line;
  for (int64_t number = 1; std::getline(in, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    const bool is_header = number == 1 && line.rfind("#version", 0) == 0;
    if (line.empty() || is_header) continue;
    vocabulary.merges.push_back(
        split_merge(line, vocabulary.origin + " line " + std::to_string(number)));
  }
  return vocabulary;
}

}  // namespace acestep::text
