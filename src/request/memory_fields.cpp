#include "request/field_lists.h"

namespace acestep::request {
namespace {

constexpr double kMostFrames = 15'000;  // ten minutes of latent frames
constexpr double kLeastTile = 9;        // reference: its VAE decoding refuses 8
constexpr double kMostTogether = 8;     // the largest batch of the tier table

Field memory_field(std::string name, FieldType type, Member member, std::string help,
                   std::string default_note) {
  return {.name = std::move(name),
          .group = FieldGroup::kMemory,
          .type = type,
          .member = member,
          .help = std::move(help),
          .default_note = std::move(default_note)};
}

std::vector<Field> card_fields() {
  Field tier =
      memory_field("tier", FieldType::kText, &Settings::tier,
                   "another memory tier than the card's own: tier1 … tier5, tier6a, tier6b or "
                   "unlimited",
                   "by memory");
  Field max_vram = memory_field("max_vram", FieldType::kText, &Settings::max_vram,
                                "GB of a simulated card; also a cap of a larger real one", "none");
  max_vram.value_name = "GB";
  max_vram.environment = {"MAX_CUDA_VRAM"};
  max_vram.accepts_number = true;
  Field cards =
      memory_field("sim_cards", FieldType::kText, &Settings::sim_cards,
                   "GB of several simulated cards; --device cuda:1 is the second", "none");
  cards.value_name = "GB,GB";
  cards.accepts_number = true;
  Field compute =
      memory_field("sim_compute", FieldType::kText, &Settings::sim_compute,
                   "compute capability of the card, such as 6.1 or rocm:9.4", "the card's own");
  compute.value_name = "X.Y";
  compute.accepts_number = true;
  Field scale = memory_field("sim_scale", FieldType::kText, &Settings::sim_scale,
                             "multiplies the cap of a simulated card, not its tier; auto: by the "
                             "models' size beside the published ones",
                             "1");
  scale.value_name = "auto|F";
  scale.accepts_number = true;
  return {tier, max_vram, cards, compute, scale};
}

std::vector<Field> residency_fields() {
  Field songs = memory_field("songs_together", FieldType::kInteger, &Settings::songs_together,
                             "songs computed at once; the others follow in turns", "by tier");
  songs.range = songs.hard_range = {1, kMostTogether};
  Field unsupported =
      memory_field("allow_unsupported", FieldType::kBool, &Settings::allow_unsupported,
                   "take my word where the tier says no, as long as it fits", "");
  return {memory_field("offload_to_cpu", FieldType::kBool, &Settings::offload_to_cpu,
                       "models leave the card when idle", "by tier"),
          memory_field("offload_dit_to_cpu", FieldType::kBool, &Settings::offload_dit_to_cpu,
                       "the diffusion model leaves it too", "by tier"),
          memory_field("stream_dit_blocks", FieldType::kBool, &Settings::stream_dit_blocks,
                       "its blocks visit the card one after another: least memory, slower",
                       "by tier and size"),
          std::move(songs), std::move(unsupported)};
}

std::vector<Field> precision_fields() {
  Field backend = memory_field(
      "backend", FieldType::kText, &Settings::backend,
      "how the language model decodes; fast is vllm. All use one decoder so far", "by tier");
  backend.environment = {"ACESTEP_LM_BACKEND"};
  backend.choices = {"auto", "pt", "vllm", "fast", "mlx"};
  Field dit = memory_field("quantization", FieldType::kText, &Settings::quantization,
                           "the transformer's weights: INT8 takes half the memory and changes the "
                           "song slightly",
                           "by tier");
  dit.choices = {"auto", "none", "int8_weight_only", "w8a8_dynamic", "fp8_weight_only"};
  Field lm = memory_field("lm_quantization", FieldType::kText, &Settings::lm_quantization,
                          "the same for the language model", "by size");
  lm.choices = {"auto", "none", "int8_weight_only"};
  return {std::move(backend), std::move(dit), std::move(lm),
          memory_field("compile_model", FieldType::kBool, &Settings::compile_model,
                       "accepted, without effect", "")};
}

std::vector<Field> decode_fields() {
  Field tile = memory_field("vae_chunk_size", FieldType::kInteger, &Settings::vae_chunk_size,
                            "latent frames decoded at once, 25 a second", "by free memory");
  tile.environment = {"ACESTEP_VAE_DECODE_CHUNK_SIZE"};
  tile.range = tile.hard_range = {kLeastTile, kMostFrames};
  Field overlap = memory_field("vae_overlap", FieldType::kInteger, &Settings::vae_overlap,
                               "latent frames that tiles share on each side", "by tile");
  overlap.range = overlap.hard_range = {0, kMostFrames};
  return {std::move(tile), std::move(overlap),
          memory_field("vae_on_cpu", FieldType::kBool, &Settings::vae_on_cpu,
                       "decode on the processor", "by free memory")};
}

}  // namespace

std::vector<Field> memory_fields() {
  std::vector<Field> fields;
  for (auto part : {card_fields, residency_fields, precision_fields, decode_fields}) {
    for (Field& field : part()) fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace acestep::request
