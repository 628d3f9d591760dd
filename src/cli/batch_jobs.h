// The requests of a batch as jobs: prepared, numbered, each with an identity that survives runs.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "batch/request_list.h"
#include "cli/prepare.h"
#include "util/error.h"

namespace acestep::cli {

struct BatchJob {
  std::string place;     // "songs.jsonl line 7"
  int64_t position = 0;  // in the whole list, from 0
  // SHA-256 over all that decides the songs, and which of the equal requests of the list it is.
  std::string id = {};
  std::optional<Prepared> prepared = {};
  std::string problem = {};  // where it could not be prepared
  std::string hint = {};
  int exit_code = static_cast<int>(ErrorCode::kUsage);  // of the problem
};

// Makes jobs of listed requests, in their order: the identity counts equal ones.
class JobMaker final {
 public:
  // given: what holds for every request.
  explicit JobMaker(GivenSettings given) : given_(std::move(given)) {}

  BatchJob make(const batch::ListedRequest& request);

 private:
  std::string identity_of(const Prepared& prepared);

  GivenSettings given_;
  int64_t position_ = 0;
  std::map<std::string, int64_t> seen_;  // equal requests so far, by digest
};

// Jobs that want the same models next to each other, otherwise in their order.
void sort_by_machine(std::vector<BatchJob>& jobs);

}  // namespace acestep::cli
