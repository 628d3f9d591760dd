#include <algorithm>

#include "fuzz/outcome.h"
#include "fuzz/targets.h"
#include "request/env_file.h"
#include "request/request_text.h"
#include "unit/request/reading.h"

namespace acestep::fuzz {
namespace {

bool says_the_same(const request::Layer& one, const request::Layer& other) {
  return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                    [](const auto& left, const auto& right) {
                      return left.first == right.first && left.second.value == right.second.value;
                    });
}

// What was read can be written, and read again to the same.
void write_and_read(const request::Layer& layer) {
  request::Findings findings;
  const request::Document json = request::read_request_json(to_json_text(layer), "json");
  require(says_the_same(request::read_layer(json, findings).layer, layer), "lost in JSON");
  const request::Document toml = request::read_request_toml(to_toml_text(layer), "toml");
  require(says_the_same(request::read_layer(toml, findings).layer, layer), "lost in TOML");
}

int try_request(const request::Document& document) {
  request::Findings findings;
  request::FileLayer file = request::read_layer(document, findings);
  if (findings.problems.empty()) write_and_read(file.layer);
  request::Gathered gathered = request::gather({file.layer}, findings);
  request::normalise(gathered, findings);
  request::apply_preset(gathered, request::ModelFamily::kTurbo, findings);
  request::resolve_seed_fields(gathered, findings);
  request::validate(gathered, request::ModelFamily::kTurbo, findings);
  return findings.problems.empty() ? 0 : -1;
}

}  // namespace

int fuzz_request_json(const uint8_t* bytes, size_t count) {
  int result = 0;
  const int parsed = outcome(ErrorCode::kUsage, [&] {
    result = try_request(request::read_request_json(as_text(bytes, count), "file"));
  });
  return parsed == 0 ? result : parsed;
}

int fuzz_env_file(const uint8_t* bytes, size_t count) {
  return outcome(ErrorCode::kUsage, [&] {
    const request::EnvFile file = request::read_env_file(as_text(bytes, count), "file");
    for (const request::EnvVariable& variable : file.variables) {
      require(!variable.name.empty() && variable.line >= 1, "a variable without a place");
      require(variable.value.size() < count, "a value longer than its file");
    }
  });
}

int fuzz_request_toml(const uint8_t* bytes, size_t count) {
  int result = 0;
  const int parsed = outcome(ErrorCode::kUsage, [&] {
    result = try_request(request::read_request_toml(as_text(bytes, count), "file"));
  });
  return parsed == 0 ? result : parsed;
}

}  // namespace acestep::fuzz
