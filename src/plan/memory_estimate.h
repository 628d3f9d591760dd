// How many bytes of a device each stage of a song takes at its peak, worked out from the models'
// tensors and the song's lengths before anything is loaded.
//
// The stages are rehearsed: the estimate takes and gives back what their code takes and gives back,
// rounded as allocators round. Measured on the simulated GPU the peaks are the estimate's, or a few
// per cent less (docs/BENCHMARKS.md); a card adds its context, its libraries' workspaces and
// fragmentation.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "plan/layer_memory.h"
#include "plan/song_models.h"

namespace acestep::plan {

// What a pass of the language model writes decides between how many tokens it chooses.
enum class Writing {
  kMetadata,  // values of closed sets, under the grammar
  kCodes,     // audio codes, under the grammar
  kText,      // anything: captions, or without the grammar
};

// One pass of the language model.
struct LanguagePass {
  Writing writing = Writing::kText;
  int64_t rows = 1;  // 2 with guidance
  int64_t prompt_tokens = 0;
  int64_t new_tokens = 0;     // that its cache has room for
  bool pads_prompts = false;  // its rows have prompts of different lengths
  bool is_scored = false;     // nothing is written: the prompt's own tokens are judged
};

// What memory depends on; where a number is not known before, its upper bound.
struct SongShape {
  int64_t frames = 0;  // latent frames, 25 a second
  int64_t songs = 1;   // of the whole request: their conditions and latents wait on the device
  int64_t songs_together = 1;   // in the denoiser
  int64_t songs_per_batch = 1;  // encoded and decoded as one: several with --compat reference alone
  int64_t text_tokens = 0;
  int64_t lyric_tokens = 0;
  bool pads_lyrics = false;            // songs of one batch have lyrics of different lengths
  int64_t audio_codes = 0;             // per song; 0: none are given or written
  int64_t source_frames = 0;           // latent frames of sound that the VAE encodes; 0: none
  bool hears_source_as_codes = false;  // a cover: its source passes the audio tokenizer
  bool keeps_part = false;             // of its source, outside the part that is made anew
  bool leaves_cover = false;           // a second set of conditions follows the first
  bool hears_reference = false;        // sound in the place of silence, one per song
  bool edits_flow = false;             // a second set of conditions beside the first:
  int64_t source_text_tokens = 0;      // of the words that describe the source
  int64_t source_lyric_tokens = 0;     // likewise
  int64_t edit_draws = 0;
  bool is_guided = false;
  bool guides_by_angle = false;
  bool uses_heun = false;
  bool rescales_latents = false;  // latent_shift, latent_rescale
  int64_t preview_frames = 0;     // latent frames of each preview; 0: none is asked for
  bool is_listened_to = false;    // for its lyrics' times or score
  std::vector<LanguagePass> passes = {};

  int64_t batches() const { return (songs + songs_per_batch - 1) / songs_per_batch; }
  // Songs that go through the denoiser as one.
  int64_t rows() const { return std::max(songs_together, songs_per_batch); }
};

// How models are held while their stage runs.
struct Holding {
  NumberBytes numbers = {};
  LinearForm dit = LinearForm::kDense;
  LinearForm language_model = LinearForm::kDense;
  // The decoder's blocks pass through two places of the largest one's size.
  bool streams_dit_blocks = false;
  int64_t tile_frames = 0;      // that the VAE decodes at once, with their overlap; 0: all
  bool holds_waveform = false;  // the decoded sound stays on the device until it is whole
  int64_t window_frames = 0;    // that the VAE encodes at once, with their overlap; 0: all
  bool previews = false;        // the VAE visits the device between steps of the denoiser
};

struct StageNeed {
  std::string stage;              // "compose", "encode", "condition", "denoise", "decode"
  uint64_t weight_bytes = 0;      // of the stage's own models
  uint64_t activation_bytes = 0;  // all else, with what earlier stages have left for later ones

  uint64_t bytes() const { return weight_bytes + activation_bytes; }
};

// Of the tensors as they are held on a device.
uint64_t weight_bytes(const WeightTensors& tensors, const NumberBytes& numbers,
                      LinearForm linear = LinearForm::kDense);

// Nothing without a language model, or when no pass runs.
StageNeed estimate_compose(const SongModels& models, const SongShape& song, const Holding& holding);
// Nothing without a source.
StageNeed estimate_encode(const SongModels& models, const SongShape& song, const Holding& holding);
StageNeed estimate_condition(const SongModels& models, const SongShape& song,
                             const Holding& holding);
StageNeed estimate_denoise(const SongModels& models, const SongShape& song, const Holding& holding);
StageNeed estimate_decode(const SongModels& models, const SongShape& song, const Holding& holding);

// The five, in their order.
std::vector<StageNeed> estimate_stages(const SongModels& models, const SongShape& song,
                                       const Holding& holding);

// What decoding takes beside the VAE's weights for one tile of `frames`.
uint64_t decode_bytes(const VaeFacts& vae, int64_t frames, const NumberBytes& numbers);

// What encoding takes beside the VAE's weights for one window of `frames`.
uint64_t encode_bytes(const VaeFacts& vae, int64_t frames, const NumberBytes& numbers);

// The whole song where it fits into `free_bytes` beside the VAE's weights, else the largest of
// kTileFrames that does. Absent: not even the smallest.
std::optional<int64_t> largest_tile(const VaeFacts& vae, int64_t song_frames, uint64_t free_bytes,
                                    const NumberBytes& numbers);

}  // namespace acestep::plan
