// What a user asks for: one plain struct that every dialect fills and every stage reads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace acestep::request {

// Field names are the reference's GenerationParams / GenerationConfig names. An absent optional or
// an empty string means "left open": a preset, the language model or the plan decides.
struct GenerationRequest {
  // --- text
  std::string task_type = "text2music";
  std::string caption;
  std::string lyrics;                      // "[Instrumental]" or "[inst]" means no vocals
  bool instrumental = false;               // fills empty lyrics with "[Instrumental]"
  std::string vocal_language = "unknown";  // one of 50 codes, or unknown
  std::optional<int64_t> bpm;              // 30 … 300
  std::string keyscale;                    // "G major"; 70 spellings
  std::string timesignature;               // "2", "3", "4", "6"
  std::optional<double>
      duration;             // seconds, 10 … 600; absent: the language model decides, else 120 s
  std::string instruction;  // empty: the task's own

  // --- source audio
  std::string src_audio;                  // file that all tasks but text2music work on
  std::string src_latents;                // saved latents of it; empty: it is encoded
  double repainting_start = 0.0;          // seconds; below 0: before the source
  double repainting_end = -1.0;           // seconds; below 0: the source's end, above it: beyond
  std::vector<std::string> repaint;       // "2:4", "7:9": parts in place of the two above
  std::string chunk_mask_mode = "auto";   // auto, explicit: the DiT is told which part is new
  std::string repaint_mode = "balanced";  // conservative, balanced, aggressive
  double repaint_strength = 0.5;          // 0 … 1, of balanced: 0 holds on to the source
  std::optional<int64_t> repaint_latent_crossfade_frames;  // absent: by mode and strength
  std::optional<double> repaint_wav_crossfade_sec;         // likewise
  double audio_cover_strength = 1.0;  // 0 … 1, share of the steps that hear the source
  double cover_noise_strength = 0.0;  // 0 … 1, how near to the source the first step starts
  std::string track;                  // lego, extract: one of track_names(), or "all"
  std::string complete_tracks;        // complete: several of them, commas between
  std::string global_caption;         // of the whole song, for models of stems

  // --- sampling
  std::optional<int64_t> inference_steps;  // turbo 1 … 20, default 8; others 1 … 200, default 50
  std::optional<double> guidance_scale;    // 1 … 15; default 7.0, 1.0 on turbo
  std::optional<double> shift;             // > 0; default 3.0 on turbo, 1.0 otherwise
  std::string infer_method = "ode";        // ode, sde
  std::string sampler_mode = "euler";      // euler, heun
  std::vector<double> timesteps;           // empty: from steps and shift
  bool use_adg = false;
  double cfg_interval_start = 0.0;
  double cfg_interval_end = 1.0;
  double velocity_norm_threshold = 0.0;  // 0 off
  double velocity_ema_factor = 0.0;      // 0 off
  bool dcw_enabled = true;
  std::string dcw_mode = "double";  // low, high, double, pix
  double dcw_scaler = 0.05;
  double dcw_high_scaler = 0.02;
  std::string dcw_wavelet = "haar";
  std::string retake_seed;       // empty: none; else one seed or a comma list
  double retake_variance = 0.0;  // 0 … 1
  double latent_shift = 0.0;
  double latent_rescale = 1.0;

  // --- reference and flow edit
  std::string reference_audio;   // file whose sound the song is to have; empty: none
  std::string ref_latents;       // the same as saved latents
  bool flow_edit_morph = false;  // change the source by the difference of two descriptions
  std::string flow_edit_source_caption;
  std::string flow_edit_source_lyrics;
  double flow_edit_n_min = 0.0;  // share of the steps, 0 … 1, before editing begins
  double flow_edit_n_max = 1.0;  // … and after which it ends
  int64_t flow_edit_n_avg = 1;   // noises tried per step, 1 … 8

  // --- seeds and batch
  std::vector<int64_t> seeds;  // one per song, 0 … 2^32-1; empty: drawn at random and told
  std::string seed_mode = "increment";  // what follows a single given seed: increment, random
  int64_t batch_size = 1;               // songs, 1 … 64
  std::optional<int64_t> lm_seed;       // the language model's alone; absent: the song's seed

  // --- 5 Hz language model
  bool thinking = true;
  bool use_cot_metas = true;
  bool use_cot_caption = true;
  bool use_cot_language = true;
  bool use_constrained_decoding = true;
  double lm_temperature = 0.85;        // 0 … 2; 0 is greedy
  double lm_cfg_scale = 2.0;           // >= 1; 1 off
  int64_t lm_top_k = 0;                // 0 off
  double lm_top_p = 0.9;               // 0 … 1; >= 1 off
  double lm_repetition_penalty = 1.0;  // > 0
  std::string lm_negative_prompt = "NO USER INPUT";
  std::string audio_codes;  // given codes "<|audio_code_N|>…"; empty: none
  // What it writes before it composes (docs/SERVICES.md).
  std::string sample_query;     // a wish in a few words: caption, lyrics and metadata from it
  bool sample_mode = false;     // the same without a wish: a song of its own choice
  bool use_format = false;      // caption and lyrics anew from the user's
  bool use_cot_lyrics = false;  // the lyrics to the user's caption
  bool allow_fallback = false;  // where no lyrics come of it: an instrumental instead of an error

  // --- output
  std::string audio_format = "flac";      // flac, wav, wav24, wav32, mp3, opus, ogg
  std::string mp3_bitrate = "128k";       // 128k, 192k, 256k, 320k
  std::string mp3_sample_rate = "48000";  // Hz: 44100, 48000
  bool enable_normalization = true;
  double normalization_db = -1.0;   // peak, -10 … 0
  double fade_in_duration = 0.0;    // seconds, 0 … 10
  double fade_out_duration = 0.0;   // seconds, 0 … 10
  std::optional<double> loudness;   // LUFS, -40 … -5; takes the place of normalisation
  std::optional<double> true_peak;  // dB, -20 … 0; absent: -1 with loudness, else no limit
  bool auto_trim = false;           // ends where the music ends

  // Is the source changed by what two descriptions of it differ in?
  bool edits_flow() const {
    return flow_edit_morph &&
           (task_type == "text2music" || task_type == "cover" || task_type == "cover-nofsq");
  }

  // Does the task work on a source, and is there one?
  bool has_source() const {
    const bool has_latents = !src_latents.empty() && src_latents != "none";
    return (task_type != "text2music" || flow_edit_morph) && (!src_audio.empty() || has_latents);
  }
  // Is a part of the source made anew?
  bool has_parts() const { return task_type == "repaint" || task_type == "lego"; }

  // Is the song made up from a wish?
  bool wants_sample() const { return sample_mode || !sample_query.empty(); }
  // Does the language model write words before it composes?
  bool wants_words() const { return wants_sample() || use_format || use_cot_lyrics; }
  // Is anything left to the language model? These tasks do without it: their source says it all
  // (reference: inference.py).
  bool wants_language_model() const {
    const bool goes_without = task_type == "cover" || task_type == "cover-nofsq" ||
                              task_type == "repaint" || task_type == "extract" || edits_flow();
    const bool leaves_something = thinking || use_cot_metas || use_cot_caption || use_cot_language;
    return wants_words() || (!goes_without && leaves_something);
  }
};

}  // namespace acestep::request
