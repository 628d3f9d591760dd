// The reference's moves of models and its decoding when memory runs out, and ours on the simulated
// GPU with small models.
#include <ATen/ATen.h>

#include "device/compute.h"
#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "pipeline/components.h"
#include "pipeline/decode_stage.h"
#include "pipeline/model_folders.h"
#include "sim/simulated_gpu.h"
#include "util/error.h"

namespace acestep::golden {
namespace {

using nlohmann::json;
using pipeline::Components;
using pipeline::MemoryPolicy;

constexpr char kModel[] = "acestep-v15-turbo";

pipeline::ModelFolders small_models(const Case& the_case) {
  return pipeline::find_models({the_case.checkpoints, kModel, "none"});
}

// Works once with the component that the reference calls `name`.
void use(Components& components, const std::string& name) {
  if (name == "model") components.diffusion_model();
  if (name == "vae") components.decoder();
  if (name == "text_encoder") components.text_model();
}

std::string our_name(const std::string& name) {
  if (name == "model") return "DiT";
  return name == "vae" ? "VAE" : "text encoder";
}

// Moves as the reference lists them, without the number formats and releases of cache beside them.
json moves_of(const json& events) {
  json moves = json::array();
  for (const json& event : events) {
    if (event.is_array()) moves.push_back(event.at(1) == "cpu" ? "to host" : "to device");
  }
  return moves;
}

json moves_of(const memory::Moves& moves) {
  json list = json::array();
  for (int64_t i = 0; i < moves.to_device; ++i) list.push_back("to device");
  for (int64_t i = 0; i < moves.to_host; ++i) list.push_back("to host");
  return list;
}

// Counts what a stage is told, and lets memory run out.
class Witness final : public song::Observer {
 public:
  void stage(std::string_view) override { sim::refuse_next(refusals); }
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment& adjustment) override {
    fields.push_back(adjustment.field);
  }

  uint64_t refusals = 0;
  std::vector<std::string> fields;
};

// Our attempts in the reference's words. Tiles are halved and a sound is taken off the card before
// the next of its attempts: those of one kind count once.
json attempts_of(std::string first, const std::vector<std::string>& fields) {
  const bool is_direct = first == "direct";
  json attempts = {std::move(first)};
  for (const std::string& field : fields) {
    if (field == "vae_waveform" && !is_direct) attempts.push_back("tiled_gpu_cpu_wav");
    if (field == "vae_on_cpu") attempts.push_back("full_cpu");
  }
  return attempts;
}

// How often memory must run out for the case. Tiles of 256 frames are halved twice (128, 64), then
// the sound leaves the card, then the VAE.
uint64_t refusals_of(const json& in) {
  constexpr uint64_t kTilings = 3;
  if (in.at("frames") <= in.at("chunk")) return in.at("oom_direct") ? 2 : 0;
  const bool has_left = in.at("wav_to_cpu");
  const bool second_fails = in.at("oom_tiled_gpu_cpu_wav");
  if (has_left) return second_fails ? 1 : 0;
  if (!in.at("oom_tiled_gpu")) return 0;
  return second_fails ? kTilings + 1 : kTilings;
}

class DecodeFallback {
 public:
  // in: of a case
  DecodeFallback(const Case& the_case, const json& in)
      : in_(in),
        components_(small_models(the_case), device::choose_device("sim", false, "no driver"), {},
                    policy_of(in)),
        options_(options_of(in)),
        context_{.observer = witness_, .check_stop = {}},
        stage_(components_, options_, context_) {
    components_.decoder();  // memory is to run out in its work
  }
  ~DecodeFallback() { sim::refuse_next(0); }
  DecodeFallback(const DecodeFallback&) = delete;
  DecodeFallback& operator=(const DecodeFallback&) = delete;

  json attempts() {
    const bool is_direct = in_.at("frames") <= in_.at("chunk");
    std::string first = is_direct ? "direct" : "tiled_gpu";
    if (in_.at("wav_to_cpu") && !is_direct) {
      // In the reference a full card puts the sound there; in ours the song before this one did.
      witness_.refusals = 3;
      stage_.run(latents());
      first = "tiled_gpu_cpu_wav";
    }
    witness_.fields.clear();
    witness_.refusals = refusals_of(in_);
    samples_ = stage_.run(latents()).size(2);
    return attempts_of(first, witness_.fields);
  }
  int64_t samples() const { return samples_; }

 private:
  // What fails on the processor, too, has nowhere to go.
  static MemoryPolicy policy_of(const json& in) {
    return {.may_offload = false, .may_decode_on_cpu = !in.at("full_cpu_fails").get<bool>()};
  }
  static pipeline::EngineOptions options_of(const json& in) {
    pipeline::EngineOptions options;
    if (in.at("frames") > in.at("chunk")) options.vae_chunk_frames = in.at("chunk");
    return options;
  }
  at::Tensor latents() const { return at::zeros({1, in_.at("frames").get<int64_t>(), 64}); }

  const json& in_;
  Components components_;
  pipeline::EngineOptions options_;
  Witness witness_;
  song::StageContext context_;
  pipeline::DecodeStage stage_;
  int64_t samples_ = 0;
};

bool is_memory_error(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.code() == ErrorCode::kMemory;
  }
  return false;
}

}  // namespace

// Cases without a model have no counterpart: a lease always finds one. A model on the card is one
// that has worked before; one that leaves is never there. What the reference computes wherever it
// happens to lie ("offload off, model on the host") goes to the card in ours.
void run_offload_moves(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string name = call.in.at("component");
    const bool offloads = call.in.at("offload_to_cpu");
    if (call.in.at("component_on") == "none") return;
    Components components(small_models(the_case), device::choose_device("sim", false, "no driver"),
                          {},
                          {.offloads_to_cpu = offloads,
                           .offloads_dit = call.in.at("offload_dit_to_cpu"),
                           .keeps_models = true});
    const bool is_on_card = call.in.at("component_on") == "gpu";
    if (is_on_card) use(components, name);
    components.move_log().reset();
    use(components, name);
    json expected = moves_of(call.out.at("events"));
    if (!offloads && !is_on_card) expected = {"to device"};
    const auto& moves = components.move_log().moves();
    const auto found = moves.find(our_name(name));
    check.equal(call.id, moves_of(found == moves.end() ? memory::Moves{} : found->second),
                expected);
  });
}

// Where the processor fails, too, ours is the error of a ladder that may not end there.
void run_vae_decode_fallback(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    DecodeFallback decode(the_case, call.in);
    if (call.out.at("error").is_string()) {
      check.equal(call.id, is_memory_error([&] { decode.attempts(); }), true);
      return;
    }
    constexpr int64_t kSamplesPerFrame = 1920;
    check.equal(call.id, decode.attempts(), call.out.at("attempts"));
    check.equal(call.id + "/samples", decode.samples(),
                call.in.at("frames").get<int64_t>() * kSamplesPerFrame);
  });
}

}  // namespace acestep::golden
