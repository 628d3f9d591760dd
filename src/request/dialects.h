// Requests of other programs: each dialect is recognised by keys that only it has and brought to
// the names and meanings of our fields.
#pragma once

#include "request/document.h"

namespace acestep::request {

// Sets Document::dialect of a flat document and translates it. Throws Error kUsage when keys of two
// dialects stand side by side; a value the dialect knows and we do not becomes a problem.
void translate_dialect(Document& document);

// acestep.cpp's requests (its src/request.h): 0, -1 or "" leave a field open; solver,
// custom_timesteps, output_format, synth_model, … have other names here.
void translate_acestep_cpp(Document& document);

// What the reference's web page saves beside a song, with the rules by which it loads it again
// (acestep/ui/gradio/events/generation/metadata_loading.py).
void translate_reference_sidecar(Document& document);

// {"description", "instrumental", "vocal_language"}: the language model invents the song.
void translate_simple_mode(Document& document);

// An empty caption takes the text of `prompt`, as the reference's examples are read.
void adopt_prompt(Document& document);

}  // namespace acestep::request
