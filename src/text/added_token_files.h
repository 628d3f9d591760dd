// The added tokens of a tokenizer folder and the roles that tokenizer_config.json gives them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "text/added_tokens.h"
#include "text/model_json.h"

namespace acestep::text {

struct AddedTokenFiles {
  std::map<int64_t, AddedToken> tokens;  // by id
  std::string eos_token;                 // content of the token that ends a turn
  std::string pad_token;
  std::string roles_origin;  // the file that names them, for complaints
};

// tokenizer_json: the root of tokenizer.json where the folder has one. Throws Error kModel naming
// file and key, also when two files give one id to different tokens.
AddedTokenFiles read_added_tokens(const std::filesystem::path& folder,
                                  const std::optional<JsonView>& tokenizer_json);

}  // namespace acestep::text
