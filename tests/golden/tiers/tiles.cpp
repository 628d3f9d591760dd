#include "codec/tiles.h"

#include <algorithm>
#include <charconv>

#include "codec/encoder.h"
#include "golden/tiers/reference.h"
#include "golden/tiers/runners.h"
#include "plan/decode_tile.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

constexpr int64_t kSamplesPerFrame = 1920;

json windows_of(const codec::TilePlan& plan) {
  json windows = json::array();
  for (const codec::Tile& tile : plan.tiles) windows.push_back(tile.input_length());
  return windows;
}

int64_t kept_length(const codec::TilePlan& plan) {
  int64_t length = 0;
  for (const codec::Tile& tile : plan.tiles) length += tile.keep_length();
  return length;
}

// Long lists are stored as their length, sum and largest element.
json as_stored(const json& windows, const json& stored) {
  const bool is_whole = stored.size() == windows.size();
  if (is_whole) return windows;
  int64_t sum = 0;
  for (const json& window : windows) sum += window.get<int64_t>();
  return {windows.size(), sum, *std::max_element(windows.begin(), windows.end())};
}

json repeated(const json& windows, int64_t times) {
  json all = json::array();
  for (int64_t i = 0; i < times; ++i) all.insert(all.end(), windows.begin(), windows.end());
  return all;
}

}  // namespace

// The reference's tiles, which --compat reference decodes with. A variable that is no number above
// 0 falls back there; here it is refused.
void run_vae_chunk_auto(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string kind = call.in.at("device");
    if (is_foreign(kind)) return;
    const std::string text = text_or(call.in.at("ACESTEP_VAE_DECODE_CHUNK_SIZE"));
    int64_t asked = 0;
    std::from_chars(text.data(), text.data() + text.size(), asked);
    plan::Wishes wishes = {.follows_reference = true};
    if (asked > 0) wishes.vae_chunk_frames = asked;
    const plan::Device device = device_of(kind == "cpu" ? "cpu" : "cuda", call.in.at("free_gb"));
    check.equal(call.id, *plan_of(device, wishes).vae_chunk_frames.value, call.out.at("chunk"));
  });
}

// Where the waveform lies meanwhile has no counterpart: it begins on the card, and leaves it when
// memory runs out.
void run_vae_policy(const Case& the_case, Check& check) {
  for (const json& entry : the_case.data) {
    if (entry.at("call") != "_get_auto_decode_chunk_size") continue;
    const json& in = entry.at("args");
    const std::string kind = in.at("device");
    if (is_foreign(kind)) continue;
    const plan::Device device = device_of(kind, in.value("free_gb", 0.0));
    check.equal(entry.dump(), *plan_of(device, {.follows_reference = true}).vae_chunk_frames.value,
                entry.at("result"));
    check.count();
  }
}

void run_vae_on_cpu(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const std::string kind = call.in.at("device");
    const std::string text = text_or(call.in.at("ACESTEP_VAE_ON_CPU"));
    if (is_foreign(kind) || text == "on") return;  // "on" is a yes of ours alone
    const bool is_asked = text == "1" || text == "true" || text == "yes";
    plan::Wishes wishes;
    if (is_asked) wishes.vae_on_cpu = true;
    const plan::Plan plan = plan_of(device_of(kind, 10), wishes);
    check.equal(call.id, plan::decodes_on_cpu(plan.vae_on_cpu.value, call.in.at("free_gb")),
                call.out.at("vae_on_cpu"));
  });
}

void run_vae_decode_plan(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    const int64_t frames = call.in.at("frames");
    const codec::Tiling tiling = {call.in.at("chunk"), call.in.at("overlap")};
    const auto samples = [](int64_t count) { return count * kSamplesPerFrame; };
    if (call.out.contains("error")) {
      check.equal(call.id, is_refused([&] { codec::plan_decode(frames, tiling, samples); }), true);
      return;
    }
    const codec::TilePlan plan = codec::plan_decode(frames, tiling, samples);
    const json windows = repeated(windows_of(plan), call.in.value("batch", 1));
    check.equal(call.id, as_stored(windows, call.out.at("windows")), call.out.at("windows"));
    check.equal(call.id + "/frames", static_cast<double>(kept_length(plan)) / kSamplesPerFrame,
                call.out.at("out_frames"));
    check.equal(call.id + "/direct", plan.tiles.size() == 1, call.out.at("path") == "direct");
    if (call.out.at("overlap").is_null()) return;
    check.equal(call.id + "/overlap", codec::fitting_overlap(tiling), call.out.at("overlap"));
  });
}

void run_vae_encode_plan(const Case& the_case, Check& check) {
  for_each_call(the_case, check, [&](const Call& call) {
    // The reference's choice: shorter windows where the card has 8 GB or less.
    codec::Tiling tiling = call.in.at("gpu_gb").get<double>() <= 8 ? codec::kSmallEncodeTiling
                                                                   : codec::kDefaultEncodeTiling;
    tiling.chunk = call.in.value("chunk", tiling.chunk);
    tiling.overlap = call.in.value("overlap", tiling.overlap);
    const int64_t samples = call.in.at("samples");
    const auto frames = [](int64_t count) { return count / kSamplesPerFrame; };
    if (call.out.contains("error")) {
      check.equal(call.id, is_refused([&] { codec::plan_encode(samples, tiling, frames); }), true);
      return;
    }
    const codec::TilePlan plan = codec::plan_encode(samples, tiling, frames);
    check.equal(call.id, windows_of(plan), call.out.at("windows"));
    check.equal(call.id + "/frames", plan.output_length, call.out.at("latent_frames"));
  });
}

}  // namespace acestep::golden
