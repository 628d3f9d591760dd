// A whole song from token ids to audio: conditioner, sampler, tiled decode.
#include <ATen/ATen.h>

#include <algorithm>

#include "audio/mastering.h"
#include "codec/decoder.h"
#include "codec/levels.h"
#include "condition/conditioner.h"
#include "condition/context.h"
#include "condition/repaint_strength.h"
#include "condition/source_padding.h"
#include "diffusion/dit_velocity.h"
#include "golden/diffusion/model_bundle.h"
#include "golden/diffusion/runners.h"
#include "golden/diffusion/sampling_options.h"
#include "golden/diffusion/sampling_record.h"
#include "golden/load.h"
#include "models/audio_codes.h"
#include "models/oobleck_config.h"
#include "models/oobleck_decoder.h"
#include "models/qwen3_config.h"
#include "models/text_encoder.h"
#include "weights/safetensors_source.h"

namespace acestep::golden {
namespace {

using nlohmann::json;

const std::filesystem::path kTextEncoder = "Qwen3-Embedding-0.6B";

models::TextEncoder load_text_encoder(const std::filesystem::path& folder) {
  const auto source = weights::open_model_folder(folder);
  weights::WeightReader reader(*source, {}, "text encoder");
  models::TextEncoder encoder(reader.root(), models::read_qwen3_config(folder / "config.json"));
  reader.finish();
  return encoder;
}

models::OobleckDecoder load_decoder(const std::filesystem::path& folder) {
  const auto config = models::read_oobleck_config(folder / "config.json");
  const auto source = weights::open_model_folder(folder);
  weights::WeightReader reader(*source, {}, "VAE");
  models::OobleckDecoder decoder(reader.root().scope("decoder"), config);
  reader.finish({"encoder."});
  return decoder;
}

// The ids of row `song` that are not padding: those marked, or all before the run of pads at the
// end.
std::vector<int64_t> ids_of(const Case& c, const std::string& ids, const std::string& mask,
                            int64_t song, int64_t pad_id) {
  if (!c.has(ids)) return {};
  const at::Tensor row = c.tensor(ids)[song].contiguous();
  const int64_t* values = row.const_data_ptr<int64_t>();
  std::vector<int64_t> result(values, values + row.numel());
  if (!mask.empty()) {
    result.resize(static_cast<std::size_t>(c.tensor(mask)[song].sum().item<int64_t>()));
  }
  while (mask.empty() && !result.empty() && result.back() == pad_id) result.pop_back();
  return result;
}

condition::PaddedSource padded_source(const json& params, int64_t source_frames) {
  const std::string task = params.value("task_type", "text2music");
  condition::SourceExtent extent;
  extent.source_samples = source_frames * condition::kFrameSamples;
  extent.takes_span = task == "repaint" || task == "lego";
  extent.start_seconds = params.value("repainting_start", 0.0);
  extent.end_seconds = params.value("repainting_end", -1.0);
  return condition::pad_source(extent);
}

condition::SourceUse source_use(const json& params, const std::optional<int64_t>& source_frames) {
  const std::string task = params.value("task_type", "text2music");
  condition::SourceUse use;
  use.is_cover = task == "cover";
  use.is_audible = source_frames.has_value();
  use.keeps_source_in_span = task == "lego";
  use.mode = params.value("chunk_mask_mode", "auto") == "auto"
                 ? condition::ChunkMaskMode::kAuto
                 : condition::ChunkMaskMode::kExplicit;
  if (!source_frames) return use;
  const condition::PaddedSource padded = padded_source(params, *source_frames);
  const int64_t frames = std::max(condition::kFewestFrames, *source_frames);
  if (padded.start_seconds) {
    if (const auto span =
            condition::frame_span(*padded.start_seconds, *padded.end_seconds, frames)) {
      use.spans = {*span};
    }
  }
  return use;
}

// Frames of source audio; absent when the song has none (codes and silence are no source audio).
std::optional<int64_t> source_frames(const Case& c, const json& params) {
  const bool has_source = params.value("task_type", "text2music") != "text2music";
  if (!has_source || params.contains("audio_code_string")) return std::nullopt;
  return c.tensor("mid.latent_masks")[0].sum().item<int64_t>();
}

std::vector<condition::ConditionRequest> songs_of(const Case& c, const json& params,
                                                  int64_t pad_id) {
  const auto frames = source_frames(c, params);
  std::vector<condition::ConditionRequest> songs;
  for (int64_t i = 0; i < c.tensor("in.text_token_ids").size(0); ++i) {
    condition::ConditionRequest song;
    song.prompt = {ids_of(c, "in.text_token_ids", "in.text_attention_mask", i, pad_id),
                   ids_of(c, "in.lyric_token_ids", "in.lyric_attention_mask", i, pad_id),
                   ids_of(c, "in.non_cover_text_token_ids", "", i, pad_id)};
    const std::string codes = params.value("audio_code_string", "");
    song.audio_codes = models::parse_audio_codes(codes);
    if (params.contains("audio_duration")) song.seconds = params["audio_duration"].get<double>();
    song.source_use = source_use(params, frames);
    if (frames) song.source = c.tensor("in.target_latents")[i].slice(0, 0, *frames);
    songs.push_back(std::move(song));
  }
  return songs;
}

void compare_prompts(const Case& c, const std::vector<condition::ConditionRequest>& songs,
                     const condition::ConditionModels& models, Check& check) {
  std::vector<condition::PromptTokens> prompts;
  for (const auto& song : songs) prompts.push_back(song.prompt);
  const auto encoded =
      condition::encode_prompts(prompts, models.pad_id, models.text_encoder, at::kCPU);
  check.tensor("mid.text_hidden_states", encoded.text.states);
  check.tensor("mid.lyric_hidden_states", encoded.lyrics.states);
  check.tensor("text_attention_mask", encoded.text.mask, c.tensor("in.text_attention_mask"), 0.0);
}

void compare_conditions(const Case& c, const song::Conditioning& conditioning,
                        const condition::ConditionModels& models,
                        const std::vector<condition::ConditionRequest>& songs, Check& check) {
  const song::ConditionSet& set = conditioning.conditions;
  check.tensor("mid.encoder_hidden_states", set.states);
  check.tensor("mid.encoder_attention_mask", set.mask);
  check.tensor("mid.chunk_masks", set.context.select(2, 64));
  check.tensor("mid.src_latents", conditioning.source);
  if (c.has("mid.lm_hints_25hz")) check.tensor("mid.lm_hints_25hz", set.context.slice(2, 0, 64));
  if (c.has("mid.repaint_mask")) check.tensor("mid.repaint_mask", conditioning.kept->is_new);

  const auto count = static_cast<int64_t>(songs.size());
  std::vector<condition::SourceUse> uses;
  for (const auto& song : songs) {
    uses.push_back(song.source_use);
    uses.back().has_codes = !song.audio_codes.empty();
  }
  check.tensor("mid.is_covers", make_chunk_masks(uses, conditioning.frames).is_cover);
  const at::Tensor frame = at::arange(conditioning.frames, at::TensorOptions(at::kLong));
  check.tensor("mid.latent_masks",
               frame.lt(conditioning.requested_frames).to(at::kLong).expand({count, -1}));
  const int64_t shown = c.tensor("mid.refer_first40").size(1);
  check.tensor("mid.refer_first40",
               condition::silence_frames(models.silence, shown).expand({count, -1, -1}));
  check.tensor("mid.refer_order", at::arange(count, at::TensorOptions(at::kLong)));
}

// The source audio of the data set: stored with one of its cases only.
at::Tensor stored_source_audio(const Case& c) {
  if (c.has("in.src_audio")) return c.tensor("in.src_audio");
  const json index = read_json(c.folder / "index.json");
  for (const json& entry : index.at("cases")) {
    if (entry.at("kind") != c.kind || !entry.at("tensors").contains("in.src_audio")) continue;
    return read_tensors(c.folder / entry.at("file").get<std::string>()).at("in.src_audio");
  }
  throw std::runtime_error("no case of the data set stores in.src_audio");
}

// Puts the source back outside the new part of every song; audio: [B, 2, samples].
at::Tensor splice_source(const Case& c, const json& params, const at::Tensor& audio) {
  const at::Tensor source = stored_source_audio(c);
  const condition::PaddedSource padded =
      padded_source(params, source.size(1) / condition::kFrameSamples);
  const auto strength = condition::resolve_repaint_strength(
      params.value("repaint_mode", "balanced"), params.value("repaint_strength", 0.5));
  const audio::Waveform original = codec::to_waveform(
      at::constant_pad_nd(source, {padded.left_samples, padded.right_samples}), 48000);
  std::vector<at::Tensor> songs;
  for (const at::Tensor& song : audio.unbind(0)) {
    audio::Waveform painted = codec::to_waveform(song, 48000);
    audio::splice_original(
        painted, original,
        {*padded.start_seconds, *padded.end_seconds, strength.wave_crossfade_seconds});
    songs.push_back(codec::to_tensor(painted));
  }
  return at::stack(songs);
}

void compare_audio(const Case& c, const at::Tensor& audio, Check& check) {
  const int64_t shown = c.tensor("out.audio_head").size(2);
  const int64_t blocks = c.tensor("out.audio_block_rms").size(2);
  const int64_t samples = audio.size(2);
  check.tensor("out.audio_peak", audio.abs().amax({1, 2}), kLoopBound);
  check.tensor("out.audio_head", audio.slice(2, 0, shown), kLoopBound);
  check.tensor("out.audio_tail", audio.slice(2, samples - shown), kLoopBound);
  const at::Tensor in_blocks = audio.view({audio.size(0), audio.size(1), blocks, samples / blocks});
  check.tensor("out.audio_block_rms", in_blocks.square().mean({3}).sqrt(), kLoopBound);
}

}  // namespace

void run_end_to_end(const Case& the_case, Check& check) {
  const json& params = the_case.entry.at("params");
  const json& sampling = params.at("generate_audio_options");
  const auto& folder = the_case.checkpoints;
  const ModelBundle model =
      load_model_bundle(folder / the_case.entry.at("model").get<std::string>());
  const models::TextEncoder text_encoder = load_text_encoder(folder / kTextEncoder);
  const int64_t pad_id = read_json(folder / kTextEncoder / "config.json").at("eos_token_id");
  const condition::ConditionModels models{
      text_encoder, model.condition_encoder,   model.tokenizer, model.detokenizer, model.silence,
      pad_id,       model.config.timbre_frames};
  QuietObserver observer;
  const song::StageContext context{observer, {}};

  const auto songs = songs_of(the_case, params, pad_id);
  compare_prompts(the_case, songs, models, check);
  const song::Conditioning conditioning = condition::Conditioner(models).run(songs, context);
  compare_conditions(the_case, conditioning, models, songs, check);

  const auto options = denoise_options(sampling, model.config);
  const bool is_guided = options.guidance.scale > 1.0;
  diffusion::DitVelocity dit(model.dit, is_guided ? model.null_condition : at::Tensor());
  auto streams = noise_streams(sampling.at("seed"), conditioning.source.size(0));
  const diffusion::DenoiseNoise noise{streams.draw(conditioning.frames), nullptr};
  const song::Latents latents = diffusion::Denoiser(dit).run(conditioning, noise, options, context);
  check.tensor("out.latents", latents.values, kLoopBound);

  at::Tensor audio =
      codec::decode_tiles(load_decoder(folder / "vae"), latents.values.transpose(1, 2));
  codec::limit_peaks(audio);
  const bool is_spliced =
      conditioning.kept && params.value("repaint_mode", "balanced") != "aggressive";
  compare_audio(the_case, is_spliced ? splice_source(the_case, params, audio) : audio, check);
}

}  // namespace acestep::golden
