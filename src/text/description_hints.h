// What a wish in a few words says about the song besides its sound.
#pragma once

#include <string>
#include <string_view>

#include "text/compat.h"

namespace acestep::text {

struct DescriptionHints {
  std::string language = {};     // code of the language it names, such as "bn"; empty: none
  bool is_instrumental = false;  // it asks for music without vocals
};

// Languages by their English or own name standing as a word of its own; of several the first of the
// reference's list (cli.py, _parse_description_hints). kReference: by their code, too, so that
// "make it soft" asks for Italian and "canción de amor" for German.
DescriptionHints find_description_hints(std::string_view description,
                                        Compat compat = Compat::kFixed);

}  // namespace acestep::text
