#include "cli/bench_run.h"

#include <iostream>
#include <utility>

#include "cli/engine_call.h"
#include "cli/progress.h"
#include "profile/example_song.h"

namespace acestep::cli {
namespace {

constexpr char kSource[] = "bench";

bool has_words(const request::Layer& layer) {
  return layer.contains("caption") || layer.contains("lyrics");
}

}  // namespace

bool has_words(const GivenSettings& given) {
  bool has = has_words(given.environment) || has_words(given.options);
  for (const request::Layer& file : given.files) has = has || has_words(file);
  return has;
}

request::Layer example_layer() {
  const nlohmann::json example = profile::example_request();
  request::Layer layer;
  for (const char* field : {"caption", "lyrics", "keyscale", "timesignature", "vocal_language"}) {
    layer[field] = {example.at(field).get<std::string>(), kSource};
  }
  layer["bpm"] = {example.at("bpm").get<int64_t>(), kSource};
  return layer;
}

BenchRun::BenchRun(GivenSettings given, device::CudaBackend cuda, util::StopToken& stop)
    : given_(std::move(given)), cuda_(std::move(cuda)), stop_(stop), folder_("acestep-bench") {
  request::Layer lowest = has_words(given_) ? request::Layer() : example_layer();
  lowest["keep_loaded"] = {true, kSource};
  given_.files.insert(given_.files.begin(), std::move(lowest));
}

Prepared BenchRun::prepare_case(const profile::BenchCase& the_case) const {
  GivenSettings given = given_;
  request::Layer& options = given.options;
  options["duration"] = {the_case.seconds, kSource};
  options["batch_size"] = {the_case.songs, kSource};
  options["inference_steps"] = {the_case.steps, kSource};
  options["thinking"] = {the_case.thinks, kSource};
  options["save_dir"] = {folder_.fresh_folder("songs").string(), kSource};
  options["sidecar"] = {false, kSource};
  if (!the_case.thinks) options["lm_model_path"] = {std::string("none"), kSource};
  return prepare(std::move(given));
}

nlohmann::json BenchRun::make(const profile::BenchCase& the_case) {
  const Prepared prepared = prepare_case(the_case);
  Progress progress(ProgressStyle::kNone, std::cerr);
  const SongCall call{prepared, plan_songs(prepared), output_options(prepared.settings())};
  return make_songs(call, suitable_session(session_, prepared, cuda_), progress, stop_);
}

}  // namespace acestep::cli
