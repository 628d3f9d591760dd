// Makes the songs of a benchmark, one case after another, with the models kept loaded.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>

#include "cli/given_settings.h"
#include "cli/prepare.h"
#include "pipeline/session.h"
#include "profile/bench_matrix.h"
#include "profile/work_folder.h"
#include "util/stop_token.h"

namespace acestep::cli {

// Are caption or lyrics given?
bool has_words(const GivenSettings& given);
// The reference's example song.
request::Layer example_layer();

class BenchRun final {
 public:
  // given: what holds for every case; without words of its own the reference's example song is
  // made. stop must outlive the object.
  BenchRun(GivenSettings given, device::CudaBackend cuda, util::StopToken& stop);

  // The songs are thrown away. Returns the result of `acestep generate`. Throws Error.
  nlohmann::json make(const profile::BenchCase& the_case);

 private:
  Prepared prepare_case(const profile::BenchCase& the_case) const;

  GivenSettings given_;
  device::CudaBackend cuda_;
  util::StopToken& stop_;
  profile::WorkFolder folder_;
  std::unique_ptr<pipeline::Session> session_;
};

}  // namespace acestep::cli
