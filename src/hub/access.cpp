#include "hub/access.h"

#include <algorithm>
#include <utility>

#include "request/text.h"
#include "util/error.h"

namespace acestep::hub {
namespace {

std::string variable(const Environment& environment, const std::string& name) {
  return std::string(request::trim(environment(name).value_or("")));
}

// Only visible ASCII can travel in a header or a URL.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

void read_endpoint(const Environment& environment, const std::string& name, std::string& endpoint) {
  std::string text = variable(environment, name);
  if (text.empty()) return;
  while (text.ends_with('/')) text.pop_back();
  if (!is_plain(text) || origin_of(text).empty() || text.find_first_of("?#") != std::string::npos) {
    throw Error(ErrorCode::kUsage, name + " is " + request::in_quotes(text) +
                                       ", expected an address such as https://huggingface.co");
  }
  endpoint = text;
}

bool says_yes(const std::string& text) {
  const std::string lower = request::to_lower_ascii(text);
  return lower == "1" || lower == "on" || lower == "yes" || lower == "true";
}

std::vector<Source> order_of(const std::string& text, const std::string& where) {
  const std::string lower = request::to_lower_ascii(text);
  if (lower.empty() || lower == "auto") return {Source::kHuggingFace, Source::kModelScope};
  if (lower == "huggingface") return {Source::kHuggingFace};
  if (lower == "modelscope") return {Source::kModelScope};
  throw Error(ErrorCode::kUsage, where + " is " + request::in_quotes(text) +
                                     ", expected auto, huggingface or modelscope");
}

}  // namespace

std::string_view source_name(Source source) {
  return source == Source::kHuggingFace ? "huggingface" : "modelscope";
}

Access read_access(const Environment& environment, const std::string& source) {
  Access access;
  read_endpoint(environment, "HF_ENDPOINT", access.huggingface);
  read_endpoint(environment, "MODELSCOPE_ENDPOINT", access.modelscope);
  access.token = variable(environment, "HF_TOKEN");
  if (!is_plain(access.token)) {
    throw Error(ErrorCode::kUsage, "HF_TOKEN holds characters that no token has",
                "Copy it again from the hub's settings page.");
  }
  access.certificates = variable(environment, "SSL_CERT_FILE");
  access.is_offline = says_yes(variable(environment, "HF_HUB_OFFLINE"));
  access.order = source.empty() ? order_of(variable(environment, "ACESTEP_DOWNLOAD_SOURCE"),
                                           "ACESTEP_DOWNLOAD_SOURCE")
                                : order_of(source, "--source");
  return access;
}

void require_online(const Access& access) {
  if (!access.is_offline) return;
  throw Error(
      ErrorCode::kModel, "offline: --offline or HF_HUB_OFFLINE forbids every connection",
      "Leave it away to download, or fetch by other means what acestep models plan-download "
      "lists.");
}

std::string origin_of(std::string_view url) {
  const std::string lower = request::to_lower_ascii(url);
  std::string scheme;
  std::string port;
  for (const auto& [name, usual_port] : {std::pair{"https://", "443"}, {"http://", "80"}}) {
    if (!lower.starts_with(name)) continue;
    scheme = name;
    port = usual_port;
  }
  if (scheme.empty()) return {};
  const size_t end = lower.find_first_of("/?#", scheme.size());
  std::string host = lower.substr(scheme.size(), end - scheme.size());
  if (host.find_first_of("@\\") != std::string::npos) return {};
  const size_t colon = host.rfind(':');
  const bool has_port = colon != std::string::npos && host.find(']', colon) == std::string::npos;
  if (has_port && colon + 1 < host.size()) port = host.substr(colon + 1);
  if (has_port) host.resize(colon);
  if (host.empty()) return {};
  return scheme + host + ":" + port;
}

}  // namespace acestep::hub
