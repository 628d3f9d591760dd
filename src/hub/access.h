// How the hubs are reached: endpoints, token, order of trying, or not at all.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace acestep::hub {

// Absent: not set (the type of request::Environment).
using Environment = std::function<std::optional<std::string>(const std::string& name)>;

enum class Source { kHuggingFace, kModelScope };

// "huggingface", "modelscope".
std::string_view source_name(Source source);

struct Access {
  std::string huggingface = "https://huggingface.co";    // HF_ENDPOINT; no final slash
  std::string modelscope = "https://www.modelscope.cn";  // MODELSCOPE_ENDPOINT
  std::string token = {};                                // HF_TOKEN; never shown
  std::string certificates = {};                         // SSL_CERT_FILE: instead of the system's
  std::vector<Source> order = {Source::kHuggingFace, Source::kModelScope};
  bool is_offline = false;  // HF_HUB_OFFLINE

  const std::string& endpoint(Source source) const {
    return source == Source::kHuggingFace ? huggingface : modelscope;
  }
};

// source: auto, huggingface or modelscope; empty: what ACESTEP_DOWNLOAD_SOURCE says, else auto.
// Throws Error kUsage naming the variable when a value cannot be used; a token's value is not told.
Access read_access(const Environment& environment, const std::string& source);

// Throws Error kModel when no connection may be made.
void require_online(const Access& access);

// "https://host:port" in lower case, the port always told; empty when `url` is neither http nor
// https, has no host or holds a user name.
std::string origin_of(std::string_view url);

}  // namespace acestep::hub
