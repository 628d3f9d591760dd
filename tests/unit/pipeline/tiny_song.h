// A song and its rendering, made up for tests of what is written about it.
#pragma once

#include <ATen/ATen.h>

#include <string>

#include "pipeline/engine.h"
#include "pipeline/record.h"

namespace acestep::pipeline::testing {

// Two channels of 0.5 and -0.25, a tenth of a second long.
inline Song tiny_song(uint64_t seed = 7) {
  Song song;
  song.seeds = {seed, seed + 100};
  song.composition.metadata = {120, "A minor", "4", 12.0};
  song.composition.caption = "Warm folk\nwith a second line";
  song.composition.lyrics = "[Verse]\nla la";
  song.composition.language = "en";
  song.composition.audio_codes = {5, 63999, 0};
  song.latents = at::arange(128, at::TensorOptions(at::kFloat)).view({2, 64});
  song.waveform = audio::Waveform(48000, 2, 4800);
  for (float& sample : song.waveform.channel(0)) sample = 0.5F;
  for (float& sample : song.waveform.channel(1)) sample = -0.25F;
  song.level.lufs = -14.5;
  return song;
}

inline Rendering tiny_rendering() {
  Rendering rendering;
  rendering.songs = {tiny_song()};
  rendering.levels = {1.0F, 0.5F, 0.0F};
  rendering.seconds = {{"pipeline_total_time", 1.5}};
  return rendering;
}

inline RunFacts tiny_facts() {
  RunFacts facts;
  facts.request.caption = "Warm folk";
  facts.request.lyrics = "[Verse]\nla la";
  facts.request.seeds = {7, 8};
  facts.request.batch_size = 2;
  facts.dit_model = "acestep-v15-turbo";
  facts.lm_model = "acestep-5Hz-lm-0.6B";
  facts.text_encoder = "Qwen3-Embedding-0.6B";
  facts.vae = "vae";
  facts.dtype = "fp32";
  facts.rng = "cpu";
  facts.compat = "none";
  return facts;
}

}  // namespace acestep::pipeline::testing
