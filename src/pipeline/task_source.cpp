#include "pipeline/task_source.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "condition/latent_plan.h"
#include "condition/repaint_strength.h"
#include "condition/source_padding.h"
#include "pipeline/latents_file.h"
#include "pipeline/record_reader.h"
#include "pipeline/repaint_options.h"
#include "pipeline/song_names.h"
#include "request/repaint_parts.h"
#include "util/error.h"
#include "util/sha256.h"

namespace acestep::pipeline {
namespace fs = std::filesystem;
namespace {

using condition::kFrameSamples;
using condition::kSampleRateHz;
using request::GenerationRequest;
using request::RepaintPart;

constexpr char kNoLatents[] = "none";

double seconds_of(int64_t samples) {
  return static_cast<double>(samples) / static_cast<double>(kSampleRateHz);
}

std::string seconds_text(double seconds) {
  std::string text = std::to_string(seconds);
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text.pop_back();
  return text;
}

int64_t rounded_samples(double seconds) {
  return std::llround(seconds * static_cast<double>(kSampleRateHz));
}

int64_t whole_frames(int64_t samples) {
  return (samples + kFrameSamples - 1) / kFrameSamples * kFrameSamples;
}

void require_possible(const std::vector<RepaintPart>& parts, const SourcePlace& place,
                      int64_t source_samples) {
  const double length = seconds_of(source_samples);
  for (const RepaintPart& part : parts) {
    const double end = part.end_seconds.value_or(length);
    if (part.start_seconds > length || end <= part.start_seconds) {
      throw Error(ErrorCode::kUsage,
                  "the part from " + seconds_text(part.start_seconds) + " s to " +
                      seconds_text(end) +
                      " s begins at the source's end or beyond it: the source "
                      "lasts " +
                      seconds_text(length) + " s",
                  "begin before the source's end; --repainting_end beyond it makes it longer");
    }
  }
  if (seconds_of(place.total_samples) <= kLongestSourceSeconds) return;
  throw Error(ErrorCode::kUsage,
              "the song would last " + seconds_text(seconds_of(place.total_samples)) +
                  " s, at most 600 s can be made",
              "extend the source by less");
}

condition::PaddedSource padding_of(const std::vector<RepaintPart>& parts, int64_t source_samples) {
  condition::SourceExtent extent{.source_samples = source_samples, .takes_span = true};
  extent.start_seconds = parts.front().start_seconds;
  for (const RepaintPart& part : parts) {
    if (!part.end_seconds) continue;
    extent.end_seconds =
        std::max(extent.end_seconds.value_or(*part.end_seconds), *part.end_seconds);
  }
  if (!parts.back().end_seconds && extent.end_seconds) {
    extent.end_seconds = std::max(*extent.end_seconds, seconds_of(source_samples));
  }
  return condition::pad_source(extent);
}

// Saved latents and sound are of one song.
void require_equal_length(const TaskSource& source) {
  const int64_t frames = source.facts.samples / kFrameSamples;
  if (std::abs(frames - source.latents.size(0)) <= 1) return;
  throw Error(ErrorCode::kInput,
              "--src_latents hold " + std::to_string(source.latents.size(0)) +
                  " frames, but --src_audio lasts " + std::to_string(frames) + " frames",
              "they must be of the same song");
}

// With silence on both sides.
audio::Waveform padded(audio::Waveform sound, const SourcePlace& place) {
  if (place.left_samples == 0 && place.right_samples == 0) return sound;
  audio::Waveform wider(sound.sample_rate_hz, sound.channels,
                        sound.frames() + place.left_samples + place.right_samples);
  for (int64_t c = 0; c < sound.channels; ++c) {
    const auto from = sound.channel(c);
    std::copy(from.begin(), from.end(), wider.channel(c).begin() + place.left_samples);
  }
  return wider;
}

}  // namespace

SourcePlace place_source(const GenerationRequest& request, const PlaceFacts& facts) {
  SourcePlace place{.total_samples = facts.source_samples};
  if (!request.has_parts()) return place;
  const std::vector<RepaintPart> parts = request::repaint_parts(request);
  const condition::PaddedSource padding = padding_of(parts, facts.source_samples);
  place.left_samples = padding.left_samples;
  place.right_samples = padding.right_samples;
  if (!facts.follows_reference) {
    // The reference cuts 1.2 s - 1 s down to a sample less than 0.2 s, and a frame with it.
    const double before = std::max(0.0, -parts.front().start_seconds);
    place.left_samples = rounded_samples(before);
    place.right_samples =
        std::max<int64_t>(0, rounded_samples(*padding.end_seconds - before) - facts.source_samples);
  }
  if (facts.has_saved_latents) {
    place.left_samples = whole_frames(place.left_samples);
    place.right_samples = whole_frames(place.right_samples);
  }
  place.total_samples += place.left_samples + place.right_samples;
  if (!facts.follows_reference) require_possible(parts, place, facts.source_samples);
  const double shift = facts.has_saved_latents ? seconds_of(place.left_samples)
                                               : std::max(0.0, -parts.front().start_seconds);
  const double crossfade =
      repaint_strength(request, facts.follows_reference).wave_crossfade_seconds;
  for (const RepaintPart& part : parts) {
    const double end = part.end_seconds.value_or(seconds_of(facts.source_samples));
    place.parts.push_back({part.start_seconds + shift, end + shift, crossfade});
  }
  return place;
}

int64_t TaskSource::frames() const {
  if (!latents.defined()) return place.total_samples / kFrameSamples;
  return latents.size(0) + (place.left_samples + place.right_samples) / kFrameSamples;
}

condition::SourceUse TaskSource::use(const GenerationRequest& request, int64_t frames) const {
  condition::SourceUse use;
  use.is_cover = request.task_type == "cover";
  use.is_audible = facts.is_audible;
  use.keeps_source_in_span = request.task_type == "lego";
  for (const audio::RepaintSpan& part : place.parts) {
    const auto span = condition::frame_span(part.start_seconds, part.end_seconds, frames);
    if (span) use.spans.push_back(*span);
  }
  use.mode = request.chunk_mask_mode == "explicit" ? condition::ChunkMaskMode::kExplicit
                                                   : condition::ChunkMaskMode::kAuto;
  return use;
}

std::shared_ptr<const TaskSource> open_task_source(const GenerationRequest& request,
                                                   bool follows_reference,
                                                   const audio::DecoderCall& decoder) {
  if (!request.has_source()) return nullptr;
  TaskSource source;
  const bool has_latents = !request.src_latents.empty() && request.src_latents != kNoLatents;
  if (!request.src_audio.empty()) {
    SourceAudio read = read_source_audio({request.src_audio, "--src_audio", decoder});
    source.facts = std::move(read.facts);
    source.sound = std::move(read.sound);
  }
  if (has_latents) {
    source.latents = read_latents(request.src_latents, "--src_latents");
    source.facts.latents_sha256 = util::sha256_of_file(request.src_latents);
    source.facts.is_audible = true;
    if (request.src_audio.empty()) {
      source.facts.samples = source.latents.size(0) * kFrameSamples;
    } else {
      require_equal_length(source);
    }
  }
  source.place = place_source(request, {source.facts.samples, has_latents, follows_reference});
  if (source.sound.channels > 0) source.sound = padded(std::move(source.sound), source.place);
  return std::make_shared<const TaskSource>(std::move(source));
}

std::optional<fs::path> saved_latents_of(const fs::path& song) {
  const fs::path latents = beside(song, kLatentsSuffix);
  std::error_code error;
  if (!fs::is_regular_file(latents, error) || !is_song_of_sidecar(song)) return std::nullopt;
  return latents;
}

GenerationRequest with_source_length(GenerationRequest request, const SourceFacts& facts,
                                     bool follows_reference) {
  if (follows_reference && request.task_type == "complete") return request;
  request.duration = facts.seconds();
  return request;
}

}  // namespace acestep::pipeline
