#include "request/field_lists.h"

namespace acestep::request {

// Ranges of this file: acestep/inference.py and generate_music.py of the reference, unless noted.

namespace {

std::vector<Field> task_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kSource;
  return {
      {.name = "src_audio",
       .group = kGroup,
       .member = &Settings::src_audio,
       .help = "sound to work on: WAV, FLAC, Ogg, MP3 or AIFF of up to 10 minutes; every task but "
               "text2music needs it",
       .value_name = "FILE",
       .short_name = 'i'},
      {.name = "src_latents",
       .group = kGroup,
       .member = &Settings::src_latents,
       .help = "latents of the source from --save_latents, instead of encoding it; none: encode "
               "also where they lie beside it",
       .value_name = "FILE",
       .default_note = "those that were saved with the source, if it is a song of acestep"},
      {.name = "track",
       .group = kGroup,
       .member = &Settings::track,
       .help = "lego, extract: woodwinds, brass, fx, synth, strings, percussion, keyboard, guitar, "
               "bass, drums, backing_vocals or vocals; all: one song for each",
       .aliases = {"lego_track", "extract_track", "track_name"}},
      {.name = "complete_tracks",
       .group = kGroup,
       .member = &Settings::complete_tracks,
       .help = "complete: the tracks to add, commas between",
       .aliases = {"track_classes", "complete_track_classes"}},
      {.name = "global_caption",
       .group = kGroup,
       .member = &Settings::global_caption,
       .help = "lego with models of stems: what the whole song sounds like; text, @FILE or -",
       .takes_files = true},
      {.name = "audio_cover_strength",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::audio_cover_strength,
       .help = "share of the steps that hear source or codes; the rest hears the words alone",
       .range = {0.0, 1.0},
       .hard_range = {0.0, 1.0}},
      {.name = "cover_noise_strength",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::cover_noise_strength,
       .help = "cover, cover-nofsq: start from the source under less noise; 0 from noise alone",
       .range = {0.0, 1.0},
       .hard_range = {0.0, 1.0}},
  };
}

std::vector<Field> repaint_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kSource;
  return {
      {.name = "repainting_start",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::repainting_start,
       .help = "repaint, lego: seconds where the new part begins; below 0: so long before the "
               "source",
       .range = {-600.0, 600.0}},
      {.name = "repainting_end",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::repainting_end,
       .help = "repaint, lego: seconds where it ends; -1 the source's end, beyond it: longer",
       .range = {-1.0, 600.0}},
      {.name = "repaint",
       .group = kGroup,
       .type = FieldType::kTextList,
       .member = &Settings::repaint,
       .help = "a part START:END in seconds instead of the two above; several times for several",
       .value_name = "S:E",
       .default_note = "none"},
      {.name = "chunk_mask_mode",
       .group = kGroup,
       .member = &Settings::chunk_mask_mode,
       .help = "repaint, lego: explicit tells the model which part is new",
       .choices = {"auto", "explicit"}},
      {.name = "repaint_mode",
       .group = kGroup,
       .member = &Settings::repaint_mode,
       .help = "how firmly repaint and lego hold on to the source outside the new part",
       .choices = {"conservative", "balanced", "aggressive"}},
      {.name = "repaint_strength",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::repaint_strength,
       .help = "balanced: 0 as conservative, 1 as aggressive",
       .range = {0.0, 1.0}},
      {.name = "repaint_latent_crossfade_frames",
       .group = kGroup,
       .type = FieldType::kInteger,
       .member = &Settings::repaint_latent_crossfade_frames,
       .help = "latent frames, 25 a second, that fade from the source to the new part; not with "
               "--compat reference",
       .range = {0, 250},
       .default_note = "by mode and strength: 0 to 25"},
      {.name = "repaint_wav_crossfade_sec",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::repaint_wav_crossfade_sec,
       .help = "seconds that the sound fades from the source to the new part; not with --compat "
               "reference",
       .range = {0.0, 10.0},
       .default_note = "by mode and strength: 0 to 0.05"},
  };
}

}  // namespace

std::vector<Field> source_fields() {
  std::vector<Field> fields = task_fields();
  for (Field& field : repaint_fields()) fields.push_back(std::move(field));
  return fields;
}

}  // namespace acestep::request
