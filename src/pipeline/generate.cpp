#include "pipeline/generate.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <ctime>
#include <thread>

#include "acestep/version.h"
#include "pipeline/engine.h"
#include "pipeline/record.h"
#include "pipeline/result_json.h"
#include "pipeline/song_writer.h"
#include "util/stopwatch.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;

// Passes on to the user's observer and remembers the adjustments for the result.
class RecordingObserver final : public song::Observer {
 public:
  explicit RecordingObserver(song::Observer& next) : next_(next) {}

  void stage(std::string_view name) override { next_.stage(name); }
  void step(int64_t done, int64_t of) override { next_.step(done, of); }
  void adjustment(const song::Adjustment& adjustment) override {
    adjustments_.push_back(adjustment);
    next_.adjustment(adjustment);
  }
  const std::vector<song::Adjustment>& adjustments() const { return adjustments_; }

 private:
  song::Observer& next_;
  std::vector<song::Adjustment> adjustments_;
};

std::string local_time() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y%m%d-%H%M%S", &parts);
  return text;
}

void set_threads(int threads) {
  const int wanted = threads > 0 ? threads : static_cast<int>(std::thread::hardware_concurrency());
  at::set_num_threads(std::max(1, wanted));
}

// The reference computes in float32 on a CPU; matching its numbers asks for the same.
device::Precision precision_for(const RunOptions& options, const device::ComputeDevice& device) {
  const auto choice = device::parse_dtype(options.dtype);
  const bool is_open = choice == device::DtypeChoice::kAuto;
  return device::choose_precision(
      is_open && options.follows_reference ? device::DtypeChoice::kFloat32 : choice, device);
}

// One per song; every seed of the request is known.
std::vector<NameFacts> name_songs(const request::GenerationRequest& request,
                                  const std::string& date, const std::string& extension) {
  std::vector<NameFacts> names;
  for (const int64_t seed : request.seeds) {
    names.push_back({.date = date,
                     .caption = request.caption,
                     .seed = static_cast<uint64_t>(seed),
                     .index = static_cast<int64_t>(names.size()) + 1,
                     .songs = request.batch_size,
                     .extension = extension});
  }
  return names;
}

// precision: as chosen. Where fp16 overflowed, fp16 makes the song again in the same two tries.
RunFacts run_facts(const request::GenerationRequest& request, const RunOptions& options,
                   const Components& components, const device::Precision& precision,
                   const std::optional<uint64_t>& global_seed) {
  const ModelFolders& folders = components.folders();
  return {.request = request,
          .dit_model = folders.dit.name,
          .lm_model = folders.uses_lm() ? folders.lm.name : "none",
          .text_encoder = folders.text_encoder.name,
          .vae = folders.vae.name,
          .dtype = device::dtype_name(precision.weights),
          .rng = options.rng,
          .compat = options.follows_reference ? "reference" : "none",
          .global_seed = global_seed};
}

struct SongFiles {
  SongWriter writer;
  const std::vector<NameFacts>& names;  // one per song
  const std::string& date;

  // Returns the elements of "audios".
  json write(const Rendering& rendering, const RunFacts& facts, song::Observer& observer,
             const util::StopToken& stop) const {
    json audios = json::array();
    for (std::size_t i = 0; i < rendering.songs.size(); ++i) {
      stop.throw_if_stopped();
      const Song& song = rendering.songs[i];
      const json record = repeatable_record(facts, song, rendering);
      const WrittenSong written =
          writer.write(song, names[i], record, {{"created", date}, {"index", names[i].index}});
      audios.push_back(audio_json(song, written, record));
      observer.step(names[i].index, static_cast<int64_t>(rendering.songs.size()));
    }
    return audios;
  }
};

// A global seed that is left open is drawn here, so that the record can tell it.
EngineOptions engine_options(const RunOptions& options) {
  EngineOptions engine;
  engine.follows_reference = options.follows_reference;
  if (options.follows_reference) engine.global_seed = options.global_seed.value_or(random_seed());
  engine.random_source = options.rng == "device" ? RandomSource::kDevice : RandomSource::kCpu;
  return engine;
}

}  // namespace

json run_generate(const request::GenerationRequest& asked, const RunOptions& options,
                  const OutputOptions& output, song::Observer& observer,
                  const util::StopToken& stop) {
  const util::Stopwatch watch;
  const request::GenerationRequest request =
      with_seeds(asked, options.follows_reference ? Grouping::kTogether : Grouping::kOneByOne);
  const audio::Encoding encoding{.format = parse_audio_format(request.audio_format)};
  const std::string date = local_time();
  const std::vector<NameFacts> names =
      name_songs(request, date, std::string(audio::file_extension(encoding.format)));
  require_writable(output, names);

  set_threads(options.threads);
  const device::ComputeDevice device =
      device::choose_device(options.device, options.cuda.is_loaded, options.cuda.why_not);
  ModelFolders folders = find_models({options.checkpoint_dir, options.dit_model, options.lm_model});
  require_models(folders, options.checkpoint_dir);
  const device::Precision precision = precision_for(options, device);
  Components components(std::move(folders), device, precision);

  RecordingObserver recorder(observer);
  const song::StageContext context{.observer = recorder,
                                   .check_stop = [&stop] { stop.throw_if_stopped(); },
                                   .device = device.device};
  const EngineOptions how = engine_options(options);
  Engine engine(components, how, context);
  Rendering rendering = engine.render(request);

  recorder.stage("write");
  const SongFiles files{SongWriter(output, encoding, context.check_stop), names, date};
  json audios =
      files.write(rendering, run_facts(request, options, components, precision, how.global_seed),
                  recorder, stop);
  rendering.seconds["pipeline_total_time"] = watch.seconds();
  return result_json(std::move(audios), rendering,
                     {.adjustments = recorder.adjustments(),
                      .device = device.device,
                      .has_prompts = options.print_prompts});
}

}  // namespace acestep::pipeline
