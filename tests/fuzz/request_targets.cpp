#include "fuzz/outcome.h"
#include "fuzz/targets.h"
#include "unit/request/reading.h"

namespace acestep::fuzz {
namespace {

int try_request(const request::Document& document) {
  request::Findings findings;
  request::FileLayer file = request::read_layer(document, findings);
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

int fuzz_request_toml(const uint8_t* bytes, size_t count) {
  int result = 0;
  const int parsed = outcome(ErrorCode::kUsage, [&] {
    result = try_request(request::read_request_toml(as_text(bytes, count), "file"));
  });
  return parsed == 0 ? result : parsed;
}

}  // namespace acestep::fuzz
