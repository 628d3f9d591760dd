// Whole songs of tiny random models: the same again, alone or in company, from their own record.
#include <ATen/ATen.h>

#include <filesystem>
#include <limits>
#include <map>

#include "codec/decoder.h"
#include "pipeline/components.h"
#include "pipeline/record_reader.h"
#include "pipeline/session.h"
#include "pipeline/song_plan.h"
#include "request/document.h"
#include "request/layer.h"
#include "selftest/check.h"
#include "util/sha256.h"
#include "weights/safetensors_source.h"
#include "weights/tensor_file_writer.h"

namespace acestep::selftest {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDit = "acestep-v15-turbo";
constexpr const char* kLm = "acestep-5Hz-lm-0.6B";
constexpr const char* kVaeFile = "diffusion_pytorch_model.safetensors";

class SilentObserver final : public song::Observer {
 public:
  void stage(std::string_view) override {}
  void step(int64_t, int64_t) override {}
  void adjustment(const song::Adjustment&) override {}
};

request::GenerationRequest short_request(std::vector<int64_t> seeds) {
  request::GenerationRequest request;
  request.caption = "warm folk, brushed drums";
  request.lyrics = "[Verse]\nla la";
  request.duration = 10.0;
  request.inference_steps = 2;
  request.shift = 3.0;
  request.batch_size = static_cast<int64_t>(seeds.size());
  request.seeds = std::move(seeds);
  request.use_cot_caption = false;
  request.use_cot_language = false;
  return request;
}

// The path of the first song. target may hold {index}.
fs::path make_song(const request::GenerationRequest& request, const fs::path& models,
                   const fs::path& target) {
  pipeline::MachineOptions machine;
  machine.checkpoint_dir = models;
  machine.dit_model = kDit;
  machine.lm_model = kLm;
  machine.device = "cpu";
  machine.dtype = "fp32";
  machine.threads = 1;
  pipeline::Session session(machine, {});
  SilentObserver observer;
  const util::StopToken stop;
  const auto result =
      session.generate(pipeline::plan_songs(request, machine, {}), {},
                       {.output = target.string(), .sidecar = false}, observer, stop);
  return result.at("audios").at(0).at("path").get<std::string>();
}

std::string digest_of_song(const request::GenerationRequest& request, Workshop& workshop) {
  return util::sha256_of_file(
      make_song(request, workshop.tiny_models(), workshop.new_path(".flac")));
}

void check_same_song(Expect& expect, Workshop& workshop) {
  const std::string once = digest_of_song(short_request({7}), workshop);
  expect.same("the digest of the same song", digest_of_song(short_request({7}), workshop), once);
  expect.is_true("another seed is another song",
                 digest_of_song(short_request({8}), workshop) != once);
}

void check_company(Expect& expect, Workshop& workshop) {
  const fs::path both = workshop.new_path("-{index}.flac");
  const fs::path first = make_song(short_request({7, 8}), workshop.tiny_models(), both);
  std::string second = first.string();
  second.replace(second.rfind("-1.flac"), 7, "-2.flac");
  expect.same("the digest of a batch's second song", util::sha256_of_file(second),
              digest_of_song(short_request({8}), workshop));
}

void check_record(Expect& expect, Workshop& workshop) {
  const fs::path song =
      make_song(short_request({9}), workshop.tiny_models(), workshop.new_path(".flac"));
  const pipeline::FoundRecord found = pipeline::find_record(song);
  expect.same("the record's seed", found.record.at("request").at("seeds").dump(), "[9]");
  expect.same("the record's model", found.record.at("models").at("dit").get<std::string>(), kDit);
  request::Findings findings;
  const request::Document document =
      request::read_request_json(pipeline::repeating_request(found).dump(), "the record's request");
  const auto again = request::gather({request::read_layer(document, findings).layer}, findings);
  expect.same("problems with its request", static_cast<int64_t>(findings.problems.size()), 0);
  expect.same("the digest of the song made from it", digest_of_song(again.settings, workshop),
              util::sha256_of_file(song));
}

void check_tiles(Expect& expect, Workshop& workshop) {
  pipeline::Components components(
      pipeline::find_models({.checkpoint_dir = workshop.tiny_models(), .dit = kDit, .lm = "none"}),
      {}, {});
  const auto lease = components.decoder();
  const models::OobleckDecoder& decoder = *lease;
  const at::Tensor latents = random_tensor({1, 64, 90}, 28);
  const at::Tensor whole = codec::decode_tiles(decoder, latents, {.chunk = 256, .overlap = 64});
  const at::Tensor tiled = codec::decode_tiles(decoder, latents, {.chunk = 48, .overlap = 16});
  expect.same("the length of the sound", whole.size(2), 90 * 1920);
  expect.near("tiles against one piece", tiled, whole, 1e-4);
}

// A checkpoint folder of links whose VAE holds one NaN.
fs::path models_with_nan(Workshop& workshop) {
  const fs::path folder = workshop.new_path("-nan");
  fs::create_directories(folder / "vae");
  for (const char* model : {kDit, kLm, "Qwen3-Embedding-0.6B"}) {
    fs::create_directory_symlink(workshop.tiny_models() / model, folder / model);
  }
  const fs::path healthy = workshop.tiny_models() / "vae";
  fs::copy(healthy / "config.json", folder / "vae" / "config.json");
  const auto source = weights::open_model_folder(healthy);
  std::map<std::string, at::Tensor> tensors;
  for (const std::string& name : source->names()) tensors[name] = source->tensor(name).clone();
  tensors.at("decoder.conv1.bias").fill_(std::numeric_limits<double>::quiet_NaN());
  weights::write_tensors(folder / "vae" / kVaeFile, tensors);
  return folder;
}

void check_nan(Expect& expect, Workshop& workshop) {
  const fs::path models = models_with_nan(workshop);
  const fs::path target = workshop.new_path(".flac");
  expect.refused("a song of a broken model", ErrorCode::kRejected,
                 [&] { make_song(short_request({7}), models, target); });
  expect.is_true("no file is left behind", !fs::exists(target));
}

void check_missing_models(Expect& expect, Workshop& workshop) {
  expect.refused("a song without models", ErrorCode::kModel, [&] {
    make_song(short_request({7}), workshop.new_path("-absent"), workshop.new_path(".flac"));
  });
}

}  // namespace

std::vector<Check> song_checks() {
  return {{"song.tiles", "a sound decoded in tiles and in one piece", check_tiles},
          {"song.same", "one seed, one song, byte for byte", check_same_song},
          {"song.company", "a song of a batch equals the single song", check_company},
          {"song.record", "a song made again from the record inside it", check_record},
          {"song.nan", "a model with a NaN is rejected and leaves no file", check_nan},
          {"song.missing_models", "absent models are told", check_missing_models}};
}

}  // namespace acestep::selftest
