#include "pipeline/song_plan.h"

#include <ctime>
#include <string>
#include <utility>
#include <vector>

#include "adapters/adapter_files.h"
#include "pipeline/batches.h"
#include "pipeline/record.h"
#include "pipeline/song_writer.h"

namespace acestep::pipeline {
namespace {

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y%m%d-%H%M%S", &parts);
  return text;
}

// One per song; every seed of the request is known. asked: what a file's name may depend on.
std::vector<NameFacts> name_songs(const RunFacts& asked, const std::vector<SongSeeds>& songs,
                                  int64_t written, const std::string& extension) {
  const request::GenerationRequest& request = asked.request;
  const std::string date = local_time();
  std::vector<NameFacts> names;
  for (const SongSeeds& seeds : songs) {
    names.push_back({.date = date,
                     .caption = request.caption,
                     .seed = seeds.song,
                     .uuid = request_uuid(asked, seeds),
                     .index = static_cast<int64_t>(names.size()) + 1,
                     .songs = written,
                     .track = request.track,
                     .extension = extension});
  }
  return names;
}

std::vector<SongSeeds> seeds_of_songs(const request::GenerationRequest& request,
                                      Grouping grouping) {
  std::vector<SongSeeds> seeds;
  for (const Batch& batch : plan_batches(request, grouping)) {
    seeds.insert(seeds.end(), batch.seeds.begin(), batch.seeds.end());
  }
  return seeds;
}

audio::Encoding encoding_of(const request::GenerationRequest& request) {
  const audio::FileFormat format = parse_audio_format(request.audio_format);
  if (format != audio::FileFormat::kMp3) return {.format = format};
  return {.format = format,
          .mp3_bitrate_kbps = std::stoi(request.mp3_bitrate),  // "128k"
          .sample_rate_hz = std::stoi(request.mp3_sample_rate)};
}

}  // namespace

SongPlan plan_songs(const request::GenerationRequest& asked, const MachineOptions& machine,
                    const RunOptions& run) {
  const Grouping grouping = run.follows_reference ? Grouping::kTogether : Grouping::kOneByOne;
  SongPlan plan{with_seeds(asked, grouping), encoding_of(asked), {}};
  std::vector<AdapterFacts> adapters;
  for (const adapters::AdapterChoice& choice : machine.adapters) {
    adapters.push_back({.name = adapters::adapter_name(choice.path), .scale = choice.scale});
  }
  const RunFacts facts{.request = plan.request,
                       .dit_model = machine.dit_model,
                       .lm_model = machine.lm_model,
                       .vae = machine.vae,
                       .adapters = std::move(adapters),
                       .dtype = machine.dtype,
                       .compat = run.follows_reference ? "reference" : "none",
                       .source = run.source};
  const int64_t written = run.review.keep_best > 0 ? run.review.keep_best : asked.batch_size;
  plan.names = name_songs(facts, seeds_of_songs(plan.request, grouping), written,
                          std::string(audio::file_extension(plan.encoding.format)));
  return plan;
}

}  // namespace acestep::pipeline
