#include "pipeline/session.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <spdlog/spdlog.h>
#include <torch/headeronly/version.h>

#include <filesystem>
#include <map>
#include <utility>

#include "adapters/adapter.h"
#include "pipeline/composed_request.h"
#include "pipeline/engine.h"
#include "pipeline/opened_models.h"
#include "pipeline/record.h"
#include "pipeline/result_json.h"
#include "pipeline/song_writer.h"
#include "pipeline/weight_digest.h"
#include "util/atomic_file.h"
#include "util/error.h"
#include "util/stopwatch.h"

namespace acestep::pipeline {
namespace {

using nlohmann::json;

// Passes on to the user's observer and remembers the adjustments for the result, the stage for
// errors.
class RecordingObserver final : public song::Observer {
 public:
  explicit RecordingObserver(song::Observer& next) : next_(next) {}

  void stage(std::string_view name) override {
    stage_ = name;
    next_.stage(name);
  }
  void step(int64_t done, int64_t of) override { next_.step(done, of); }
  void adjustment(const song::Adjustment& adjustment) override {
    adjustments_.push_back(adjustment);
    next_.adjustment(adjustment);
  }
  const std::vector<song::Adjustment>& adjustments() const { return adjustments_; }
  // The one that began last.
  const std::string& stage() const { return stage_; }

 private:
  song::Observer& next_;
  std::vector<song::Adjustment> adjustments_;
  std::string stage_ = "load";
};

// Seeds that are left open are drawn here, so that the record can tell them.
EngineOptions engine_options(const RunOptions& options) {
  EngineOptions engine{.songs_together = options.songs_together,
                       .vae_chunk_frames = options.vae_chunk_frames,
                       .vae_overlap_frames = options.vae_overlap_frames,
                       .encode_window_frames = options.encode_window_frames,
                       .review = options.review,
                       .opened_source = options.opened_source,
                       .opened_reference = options.opened_reference};
  if (options.preview_seconds) {
    engine.preview = {.seconds = *options.preview_seconds, .every_steps = options.preview_steps};
  }
  engine.follows_reference = options.follows_reference;
  if (options.follows_reference) {
    engine.global_seed = options.global_seed.value_or(random_seed());
    engine.python_seed = options.python_seed.value_or(random_seed());
  }
  engine.decoder = options.decoder;
  engine.random_source = options.rng == "device" ? RandomSource::kDevice : RandomSource::kCpu;
  return engine;
}

// What the last bits of a song depend on besides the request and the models.
json machine_json(const device::ComputeDevice& device) {
  return {{"device", device.name}, {"threads", at::get_num_threads()}, {"libtorch", TORCH_VERSION}};
}

std::map<std::string, std::string> weight_digests(const ModelFolders& folders) {
  std::map<std::string, std::string> digests;
  const auto add = [&digests](const char* part, const ModelFolder& folder) {
    if (folder.is_present) digests[part] = weight_digest(folder.path);
  };
  add("dit", folders.dit);
  add("text_encoder", folders.text_encoder);
  add("vae", folders.vae);
  add("lm", folders.lm);
  return digests;
}

std::vector<AdapterFacts> adapter_facts(const std::vector<adapters::AdapterChoice>& choices) {
  std::vector<AdapterFacts> facts;
  for (const adapters::AdapterChoice& choice : choices) {
    const adapters::Adapter adapter(choice.path);
    facts.push_back({adapter.name(), adapter.digest(), adapter.methods(), choice.scale});
  }
  return facts;
}

// Writes songs as they come and gathers what the result tells about them.
class SongFiles {
 public:
  SongFiles(SongWriter writer, std::vector<NameFacts> names, RunFacts facts, json machine,
            const ReviewOptions& review, RecordingObserver& observer, const util::StopToken& stop)
      : writer_(std::move(writer)),
        names_(std::move(names)),
        facts_(std::move(facts)),
        machine_(std::move(machine)),
        scores_(review.scores),
        observer_(observer),
        stop_(stop) {}

  void take(const Song& song, const Rendering& rendering) {
    stop_.throw_if_stopped();
    observer_.stage("write");
    if (audios_.empty()) first_ = song.composition;
    const NameFacts& name = names_.at(song.place);
    const json record = repeatable_record(facts_, song, rendering);
    json facts = run_facts(name, rendering);
    if (scores_) facts["scores"] = scores_json(song.review);
    const json asked = replaced_fields(facts_, song);
    if (!asked.empty()) facts["asked"] = asked;
    const WrittenSong written = writer_.write(song, name, record, facts);
    audios_.push_back(audio_json(song, written, record));
    if (!asked.empty()) audios_.back()["asked"] = asked;
    if (scores_) audios_.back()["scores"] = scores_json(song.review);
    requests_.push_back(composed_request(facts_, song));
    observer_.step(name.index, static_cast<int64_t>(names_.size()));
  }

  void take_preview(const audio::Waveform& sound, std::size_t song, int64_t steps_done) const {
    const std::filesystem::path file = writer_.write_preview(sound, names_, song);
    spdlog::info("preview after step {}: {}", steps_done, file.string());
  }

  const json& audios() const { return audios_; }
  // composed_request() of every song.
  const std::vector<json>& requests() const { return requests_; }
  const song::Composition& first() const { return first_; }

 private:
  // What differs between two runs of the same song: for the sidecar alone.
  json run_facts(const NameFacts& name, const Rendering& rendering) const {
    json facts = machine_;
    facts["created"] = name.date;
    facts["index"] = name.index;
    add_path(facts, "src_audio", facts_.request.src_audio);
    add_path(facts, "src_latents", facts_.request.src_latents);
    add_path(facts, "reference_audio", facts_.request.reference_audio);
    facts["time_costs"] = rendering.seconds;
    facts["adjustments"] = adjustments_json(observer_.adjustments());
    return facts;
  }

  // Where a file of the request lies, for who makes the song again here.
  static void add_path(json& facts, const char* field, const std::string& file) {
    if (!file.empty() && file != "none") facts[field] = std::filesystem::absolute(file).string();
  }

  SongWriter writer_;
  std::vector<NameFacts> names_;  // one per song
  RunFacts facts_;
  json machine_;
  bool scores_;  // are part of what is told
  RecordingObserver& observer_;
  const util::StopToken& stop_;
  json audios_ = json::array();
  std::vector<json> requests_;
  song::Composition first_;
};

// For keep_requests; null: none are kept. Throws Error kOutput where it cannot be written.
std::unique_ptr<util::AtomicFile> file_for_requests(const OutputOptions& output) {
  if (output.keep_requests.empty()) return nullptr;
  return std::make_unique<util::AtomicFile>(output.keep_requests, util::existing_if(output.force));
}

// Device memory that is refused becomes an error of ours, which says the stage.
Rendering render(Engine& engine, const request::GenerationRequest& request, SongFiles& files,
                 const RecordingObserver& recorder) {
  try {
    return engine.render(
        request, [&](const Song& song, const Rendering& so_far) { files.take(song, so_far); },
        [&](const audio::Waveform& sound, std::size_t song, int64_t steps_done) {
          files.take_preview(sound, song, steps_done);
        });
  } catch (const c10::OutOfMemoryError& error) {
    throw Error(
        ErrorCode::kMemory,
        "out of memory in stage '" + recorder.stage() + "': " + error.what_without_backtrace(),
        "ask for a shorter song or fewer at once, or use --device cpu");
  }
}

}  // namespace

struct Session::Machine {
  OpenedModels models;
  std::map<std::string, std::string> weights;  // their digests
  std::vector<AdapterFacts> adapters;

  // precision: as chosen. Where fp16 overflowed, fp16 makes the song again in the same two tries.
  RunFacts facts(const request::GenerationRequest& request, const MachineOptions& options,
                 const RunOptions& run, const EngineOptions& how) const {
    const ModelFolders& folders = models.components->folders();
    return {.request = request,
            .dit_model = folders.dit.name,
            .lm_model = folders.uses_lm() ? folders.lm.name : "none",
            .text_encoder = folders.text_encoder.name,
            .vae = folders.vae.name,
            .weights = weights,
            .adapters = adapters,
            .dtype = device::dtype_name(models.precision.weights),
            .quantization = options.quantization,
            .lm_quantization = options.lm_quantization,
            .rng = run.rng,
            .compat = run.follows_reference ? "reference" : "none",
            .global_seed = how.global_seed,
            .python_seed = request.reference_audio.empty() ? std::nullopt : how.python_seed,
            .source = run.source};
  }
};

Session::Session(MachineOptions options, device::CudaBackend cuda)
    : options_(std::move(options)), cuda_(std::move(cuda)) {}

Session::~Session() = default;

Session::Machine& Session::machine(const ModelNeeds& needs) {
  if (machine_) {
    require_models(machine_->models.components->folders(), options_.checkpoint_dir, needs);
    return *machine_;
  }
  OpenedModels models = open_models(options_, cuda_, needs);
  auto digests = weight_digests(models.components->folders());
  machine_.reset(
      new Machine{std::move(models), std::move(digests), adapter_facts(options_.adapters)});
  return *machine_;
}

json Session::generate(const SongPlan& plan, const RunOptions& run, const OutputOptions& output,
                       song::Observer& observer, const util::StopToken& stop) {
  const util::Stopwatch watch;
  require_writable(output, plan.names);
  const auto kept = file_for_requests(output);

  const Machine& at = machine();
  Components& components = *at.models.components;
  const at::Device device = at.models.device.device;
  components.restore_precision();
  components.move_log().reset();
  RecordingObserver recorder(observer);
  const song::StageContext context{
      .observer = recorder, .check_stop = [&stop] { stop.throw_if_stopped(); }, .device = device};
  const EngineOptions how = engine_options(run);
  SongFiles files(SongWriter(output, plan.encoding, context.check_stop), plan.names,
                  at.facts(plan.request, options_, run, how), machine_json(at.models.device),
                  run.review, recorder, stop);
  Engine engine(components, how, context);
  Rendering rendering = render(engine, plan.request, files, recorder);
  if (kept) write_requests(*kept, output.keep_requests, files.requests());
  rendering.seconds["pipeline_total_time"] = watch.seconds();
  return result_json(files.audios(), rendering,
                     {.adjustments = recorder.adjustments(),
                      .first = files.first(),
                      .device = device,
                      .device_name = at.models.device.name,
                      .has_prompts = run.print_prompts,
                      .quantized_dit = components.quantized_dit(),
                      .quantized_language_model = components.quantized_language_model(),
                      .moves = components.move_log().moves()});
}

ComposedRequests Session::compose(const SongPlan& plan, const RunOptions& run,
                                  song::Observer& observer, const util::StopToken& stop) {
  const Machine& at = machine({.dit = false, .text_encoder = false, .vae = false});
  Components& components = *at.models.components;
  components.restore_precision();
  RecordingObserver recorder(observer);
  const song::StageContext context{.observer = recorder,
                                   .check_stop = [&stop] { stop.throw_if_stopped(); },
                                   .device = at.models.device.device};
  const EngineOptions how = engine_options(run);
  const RunFacts facts = at.facts(plan.request, options_, run, how);
  ComposedRequests composed;
  for (const Song& song : Engine(components, how, context).compose_only(plan.request).songs) {
    composed.requests.push_back(composed_request(facts, song));
  }
  composed.adjustments = adjustments_json(recorder.adjustments());
  return composed;
}

Review Session::review(const FinishedSong& song, const RunOptions& run, song::Observer& observer,
                       const util::StopToken& stop) {
  const Machine& at = machine();
  Components& components = *at.models.components;
  components.restore_precision();
  const song::StageContext context{.observer = observer,
                                   .check_stop = [&stop] { stop.throw_if_stopped(); },
                                   .device = at.models.device.device};
  Engine engine(components, engine_options(run), context);
  return engine.review(song);
}

}  // namespace acestep::pipeline
