// What a run needs to know besides the request.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "adapters/adapter_choice.h"
#include "pipeline/review.h"
#include "util/argument_vector.h"

namespace acestep::pipeline {

struct TaskSource;     // pipeline/task_source.h
class ReferenceAudio;  // pipeline/reference_audio.h

// Where models are kept and what the device's memory may be used for. plan::Plan decides it.
struct MemoryPolicy {
  bool offloads_to_cpu = false;     // text encoder, VAE and language model leave when idle
  bool offloads_dit = false;        // so does the DiT
  bool streams_dit_blocks = false;  // two blocks of it on the device at a time
  bool lm_on_cpu = false;
  bool vae_on_cpu = false;
  bool previews_on_device = false;  // the VAE decodes them beside the DiT
  // What may be done when memory runs out: nothing at all with --strict, else what the user has not
  // refused.
  bool may_adapt = true;
  bool may_offload = true;
  bool may_stream = true;
  bool may_decode_on_cpu = true;
  int lm_max_seconds = 240;                 // the longest song that the language model may choose
  bool keeps_models = false;                // between requests
  std::optional<uint64_t> cap_bytes = {};   // hard limit of the device's allocator
  std::optional<double> cap_fraction = {};  // the same as a part of a CUDA card

  bool operator==(const MemoryPolicy&) const = default;
};

// What requests must share to use the same loaded models.
struct MachineOptions {
  std::filesystem::path checkpoint_dir;
  std::string dit_model;         // name or folder; empty: the best one found
  std::string lm_model;          // name or folder; "none"; empty: the best one found
  std::string vae = "official";  // official, scragvae, or a folder
  std::vector<adapters::AdapterChoice> adapters = {};  // of the DiT
  std::string device = "auto";                         // auto, cpu, cuda, cuda:N, sim, sim:N
  std::string dtype = "auto";                          // auto, fp32, bf16, fp16
  std::string quantization = "none";     // of the DiT: none, int8_weight_only, w8a8_dynamic
  std::string lm_quantization = "none";  // none, int8_weight_only
  int threads = 0;                       // 0: all cores
  MemoryPolicy memory = {};

  bool operator==(const MachineOptions&) const = default;
};

// SHA-256 of the files that songs are made from; empty where there is none.
struct SourceDigests {
  std::string audio_sha256 = {};
  std::string latents_sha256 = {};
  std::string reference_sha256 = {};  // of reference_audio
};

// What may differ from request to request.
struct RunOptions {
  int64_t songs_together = 1;                    // computed at once; the others follow in turns
  std::optional<int64_t> vae_chunk_frames = {};  // absent: the largest that fits free memory
  std::optional<int64_t> vae_overlap_frames = {};
  std::optional<int64_t> encode_window_frames = {};  // absent: likewise
  std::string rng = "cpu";                           // cpu, device
  bool follows_reference = false;                    // docs/PARITY.md
  std::optional<uint64_t> global_seed = {};          // with follows_reference
  std::optional<uint64_t> python_seed = {};          // likewise
  util::ArgumentVector decoder = {};  // of sound files that are not read here; empty: none
  bool print_prompts = false;         // adds extra_outputs.prompts
  SourceDigests source = {};          // for the songs' records
  // The request's sounds where they have been opened already; null: when they are needed.
  std::shared_ptr<const TaskSource> opened_source = {};
  std::shared_ptr<const ReferenceAudio> opened_reference = {};
  std::optional<double> preview_seconds = {};
  std::optional<int64_t> preview_steps = {};  // between previews; absent: a quarter of all
  ReviewOptions review = {};
};

}  // namespace acestep::pipeline
