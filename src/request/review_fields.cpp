#include "request/field_lists.h"

namespace acestep::request {

std::vector<Field> review_fields() {
  constexpr FieldGroup kGroup = FieldGroup::kOutput;
  return {
      {.name = "lrc",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::lrc,
       .help = "write NAME.lrc: when each line of the lyrics is sung",
       .aliases = {"auto_lrc"}},
      {.name = "score",
       .group = kGroup,
       .type = FieldType::kBool,
       .member = &Settings::score,
       .help = "tell how well the song sings its lyrics and its codes fit the words, from 0 to 1",
       .aliases = {"auto_score"}},
      {.name = "keep_best",
       .group = kGroup,
       .type = FieldType::kInteger,
       .member = &Settings::keep_best,
       .help = "score all songs of batch_size and write the best N alone; 0 writes all",
       .range = {0, 64},
       .hard_range = {0, 64}},
      {.name = "by",
       .group = kGroup,
       .member = &Settings::by,
       .help = "what keep_best chooses by: lyrics (how well they are sung), lm (how well the codes "
               "fit the words), or score: the mean of what there is",
       .choices = {"score", "lyrics", "lm"}},
  };
}

}  // namespace acestep::request
