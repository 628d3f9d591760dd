#include "request/field_lists.h"

namespace acestep::request {

std::vector<Field> sound_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kOutput;
  return {
      {.name = "loudness",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::loudness,
       .help =
           "bring the song to this loudness in LUFS, in place of normalization; players use -14",
       .range = {-40, -5},
       .hard_range = {-40, -5},
       .default_note = "off"},
      {.name = "true_peak",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::true_peak,
       .help = "highest level in dB, between the samples too; lowers the volume where it has to",
       .range = {-20, 0},
       .hard_range = {-20, 0},
       .default_note = "-1.0 with loudness, else off"},
      {.name = "auto_trim",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::auto_trim,
       .help = "end the song where its music ends: a silent tail goes, 10 seconds stay at least"},
      {.name = "plot",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::plot,
       .help = "write NAME.svg beside the song: its waveform and its spectrogram"},
      {.name = "preview",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::preview,
       .help = "while the song is denoised, write what its first N seconds would become to "
               "NAME.preview.wav",
       .range = {1, 600},
       .hard_range = {1, 600},
       .default_note = "off"},
      {.name = "preview_steps",
       .group = kGroup,
       .type = FieldType::kInteger,
       .member = &Settings::preview_steps,
       .help = "denoising steps between two previews",
       .range = {1, 200},
       .hard_range = {1, 200},
       .default_note = "a quarter of all"},
  };
}

}  // namespace acestep::request
