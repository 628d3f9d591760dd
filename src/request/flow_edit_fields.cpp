#include "request/field_lists.h"

namespace acestep::request {

std::vector<Field> flow_edit_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kSource;
  return {
      {.name = "flow_edit_morph",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::flow_edit_morph,
       .help = "change the source from how it is described to caption and lyrics, and keep the "
               "rest; with text2music, cover and cover-nofsq"},
      {.name = "flow_edit_source_caption",
       .group = kGroup,
       .member = &Settings::flow_edit_source_caption,
       .help = "what the source sounds like now",
       .takes_files = true},
      {.name = "flow_edit_source_lyrics",
       .group = kGroup,
       .member = &Settings::flow_edit_source_lyrics,
       .help = "what is sung in the source",
       .takes_files = true},
      {.name = "flow_edit_n_min",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::flow_edit_n_min,
       .help = "share of the steps that are left out: the more, the closer to the source",
       .range = {0, 1},
       .hard_range = {0, 1}},
      {.name = "flow_edit_n_max",
       .group = kGroup,
       .type = FieldType::kReal,
       .member = &Settings::flow_edit_n_max,
       .help = "from this share on the song is made from caption and lyrics alone",
       .range = {0, 1},
       .hard_range = {0, 1}},
      {.name = "flow_edit_n_avg",
       .group = kGroup,
       .type = FieldType::kInteger,
       .member = &Settings::flow_edit_n_avg,
       .help = "noises tried per step: more are smoother and slower",
       .range = {1, 8},
       .hard_range = {1, 1000}},
  };
}

}  // namespace acestep::request
