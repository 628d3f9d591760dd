#include "request/field_lists.h"

namespace acestep::request {

std::vector<Field> reference_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kSource;
  return {
      {.name = "reference_audio",
       .group = kGroup,
       .member = &Settings::reference_audio,
       .help = "sound file that the song is to sound like: its voices and instruments, not its "
               "tune. Three windows of 10 s are heard, chosen by the song's seed",
       .value_name = "FILE",
       .default_note = "none"},
  };
}

}  // namespace acestep::request
