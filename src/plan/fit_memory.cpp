#include "plan/fit_memory.h"

#include <algorithm>
#include <array>
#include <iomanip>
#include <optional>
#include <sstream>

#include "plan/decode_tile.h"
#include "plan/size_text.h"
#include "util/error.h"

namespace acestep::plan {
namespace {

enum Stage : std::size_t { kCompose, kEncode, kCondition, kDenoise, kDecode };

// How much the VAE takes at once.
struct Coding {
  int64_t tile_frames = 0;
  bool holds_waveform = false;
  int64_t window_frames = 0;  // of sound to encode
  bool previews = false;
};

Holding holding_of(const Plan& plan, const MemoryFacts& facts, const Coding& coding) {
  const auto form = [](const std::string& quantization) {
    if (quantization == "w8a8_dynamic") return LinearForm::kInt8Dynamic;
    return quantization == "none" ? LinearForm::kDense : LinearForm::kInt8;
  };
  return {.numbers = facts.numbers,
          .dit = form(plan.quantization.value),
          .language_model = form(plan.lm_quantization.value),
          .streams_dit_blocks = plan.stream_dit_blocks.value,
          .tile_frames = coding.tile_frames,
          .holds_waveform = coding.holds_waveform,
          .window_frames = coding.window_frames,
          .previews = coding.previews};
}

SongShape shape_of(const Plan& plan, const MemoryFacts& facts) {
  SongShape song = facts.song;
  song.songs_together = std::clamp<int64_t>(plan.songs_together.value, 1, song.songs);
  if (!plan.init_lm.value) song.passes.clear();
  return song;
}

bool is_on_cpu(const Plan& plan, std::size_t stage) {
  if (stage == kCompose) return plan.lm_device.value == "cpu";
  return (stage == kEncode || stage == kDecode) && plan.vae_on_cpu.value;
}

// Does a stage's model stay on the device while another stage works?
bool stays(const Plan& plan, std::size_t stage) {
  if (is_on_cpu(plan, stage)) return false;
  if (!plan.offload_to_cpu.value) return true;
  return stage == kDenoise && !plan.offload_dit_to_cpu.value;
}

// Weights of other stages' models beside stage `at`. The condition encoder belongs to the DiT's
// folder and stays with it.
uint64_t bytes_beside(const Plan& plan, const MemoryFacts& facts, std::size_t at,
                      const std::vector<StagePlan>& stages) {
  uint64_t bytes = 0;
  for (std::size_t stage = kCompose; stage <= kDecode; ++stage) {
    const bool was_loaded = stage < at || facts.keeps_models;
    if (stage == at || !was_loaded) continue;
    if (stays(plan, stage)) {
      bytes += stages[stage].need.weight_bytes;
    } else if (stage == kCondition && stays(plan, kDenoise)) {
      bytes += weight_bytes(facts.models.dit.conditioning, facts.numbers);
    }
  }
  return bytes;
}

MemoryPlan plan_with(const Plan& plan, const MemoryFacts& facts, const Coding& coding) {
  MemoryPlan memory{.tile_frames = coding.tile_frames,
                    .window_frames = coding.window_frames,
                    .previews_on_device = coding.previews};
  const Holding holding = holding_of(plan, facts, coding);
  for (StageNeed& need : estimate_stages(facts.models, shape_of(plan, facts), holding)) {
    memory.stages.push_back({.need = std::move(need)});
  }
  for (std::size_t stage = kCompose; stage <= kDecode; ++stage) {
    memory.stages[stage].is_on_cpu = is_on_cpu(plan, stage);
    memory.stages[stage].beside_bytes = bytes_beside(plan, facts, stage, memory.stages);
  }
  return memory;
}

bool fits(const MemoryPlan& memory, std::size_t stage, const MemoryFacts& facts) {
  return memory.stages[stage].device_bytes() <= facts.free_bytes;
}

// The user's word stands.
template <typename T>
bool is_open(const Decided<T>& decided) {
  return decided.source != Source::kUser;
}

template <typename T>
bool force(Plan& plan, const char* field, Decided<T>& decided, T value, const std::string& why) {
  if (!is_open(decided) || decided.value == value) return false;
  plan.findings.adjustments.push_back({field, decided.value, value, why});
  decided = {std::move(value), why, Source::kForced};
  return true;
}

// Who wants every model to stay on the card wants none of its work elsewhere.
bool may_leave(const Plan& plan) {
  return plan.offload_to_cpu.value || is_open(plan.offload_to_cpu);
}

// Something to give up for a stage that does not fit; false when it is given up already.
using Measure = bool (*)(Plan& plan, const std::string& why);

bool lower_batch(Plan& plan, const std::string& why) {
  const int64_t together = plan.songs_together.value;
  return together > 1 && force(plan, "songs_together", plan.songs_together, together / 2, why);
}

bool offload_idle(Plan& plan, const std::string& why) {
  return force(plan, "offload_to_cpu", plan.offload_to_cpu, true, why);
}

bool offload_dit(Plan& plan, const std::string& why) {
  return plan.offload_to_cpu.value &&
         force(plan, "offload_dit_to_cpu", plan.offload_dit_to_cpu, true, why);
}

bool stream_blocks(Plan& plan, const std::string& why) {
  return may_leave(plan) && is_open(plan.offload_dit_to_cpu) &&
         force(plan, "stream_dit_blocks", plan.stream_dit_blocks, true, why);
}

bool compose_on_cpu(Plan& plan, const std::string& why) {
  return may_leave(plan) && force(plan, "lm_device", plan.lm_device, std::string("cpu"), why);
}

bool vae_on_cpu(Plan& plan, const std::string& why) {
  return may_leave(plan) && force(plan, "vae_on_cpu", plan.vae_on_cpu, true, why);
}

std::vector<Measure> measures_for(std::size_t stage) {
  switch (stage) {
    case kCompose:
      return {offload_idle, offload_dit, compose_on_cpu};
    case kDenoise:
      return {lower_batch, offload_idle, offload_dit, stream_blocks};
    case kEncode:
    case kDecode:
      return {offload_idle, offload_dit, vae_on_cpu};
    default:
      return {offload_idle, offload_dit};
  }
}

std::string shortage(const StagePlan& stage, const MemoryFacts& facts) {
  return stage.need.stage + " needs " + size_text(to_gib(stage.device_bytes())) + ", " +
         size_text(to_gib(facts.free_bytes)) + " are free";
}

[[noreturn]] void refuse(const MemoryPlan& memory, const MemoryFacts& facts) {
  std::ostringstream table;
  table << "the song does not fit: " << size_text(to_gib(facts.free_bytes)) << " are free\n"
        << std::left << std::setw(12) << "stage" << std::setw(12) << "weights" << std::setw(12)
        << "working" << std::setw(12) << "beside"
        << "needed";
  for (const StagePlan& stage : memory.stages) {
    if (!is_used(stage)) continue;
    table << '\n'
          << std::setw(12) << stage.need.stage << std::setw(12)
          << size_text(to_gib(stage.need.weight_bytes)) << std::setw(12)
          << size_text(to_gib(stage.need.activation_bytes)) << std::setw(12)
          << size_text(to_gib(stage.beside_bytes)) << size_text(to_gib(stage.device_bytes()))
          << (stage.device_bytes() > facts.free_bytes ? "  too much" : "");
  }
  throw Error(ErrorCode::kMemory, table.str(),
              "ask for a shorter song, leave offload and quantization to the tier, or use "
              "--device cpu");
}

}  // namespace

uint64_t MemoryPlan::peak_bytes() const {
  uint64_t peak = 0;
  for (const StagePlan& stage : stages) peak = std::max(peak, stage.device_bytes());
  return peak;
}

namespace {

// Makes `frames` one of kTileFrames until the stage fits, or is the smallest of them.
void shrink_until_fit(const Plan& plan, const MemoryFacts& facts, std::size_t stage,
                      const Coding& coding, int64_t& frames) {
  for (auto tile = kTileFrames.rbegin();
       tile != kTileFrames.rend() && !fits(plan_with(plan, facts, coding), stage, facts); ++tile) {
    if (*tile < frames) frames = *tile;
  }
}

}  // namespace

MemoryPlan plan_memory(const Plan& plan, const MemoryFacts& facts) {
  const auto& asked = plan.vae_chunk_frames.value;
  const bool is_on_host = !plan.device.is_gpu() || plan.vae_on_cpu.value;
  const auto usual = [&](int64_t frames) {
    return is_on_host ? std::min(kHostTileFrames, frames) : frames;
  };
  Coding coding{
      .tile_frames = std::min(asked.value_or(usual(facts.song.frames)), facts.song.frames),
      .window_frames = facts.window_frames.value_or(usual(facts.song.source_frames)),
      .previews = facts.song.preview_frames > 0 && !is_on_cpu(plan, kDecode)};
  // A processor beside the card decodes previews where the VAE has no room beside the DiT.
  if (plan.device.is_gpu() && !fits(plan_with(plan, facts, coding), kDenoise, facts)) {
    coding.previews = false;
  }
  if (!facts.window_frames) shrink_until_fit(plan, facts, kEncode, coding, coding.window_frames);
  if (!asked) shrink_until_fit(plan, facts, kDecode, coding, coding.tile_frames);
  const MemoryPlan memory = plan_with(plan, facts, coding);
  if (is_on_host) return memory;
  // Where there is room for it the sound stays on the device until it is whole.
  coding.holds_waveform = true;
  MemoryPlan with_waveform = plan_with(plan, facts, coding);
  return fits(with_waveform, kDecode, facts) ? with_waveform : memory;
}

MemoryPlan fit_to_memory(Plan& plan, const MemoryFacts& facts) {
  MemoryPlan memory = plan_memory(plan, facts);
  for (std::size_t stage = kCompose; stage <= kDecode; ++stage) {
    // A processor has nowhere to send anything.
    if (!plan.device.is_gpu()) break;
    for (const Measure measure : measures_for(stage)) {
      while (!fits(memory, stage, facts) && measure(plan, shortage(memory.stages[stage], facts))) {
        memory = plan_memory(plan, facts);
      }
    }
  }
  for (std::size_t stage = kCompose; stage <= kDecode; ++stage) {
    if (!fits(memory, stage, facts)) refuse(memory, facts);
  }
  return memory;
}

}  // namespace acestep::plan
