#include <utility>

#include "cli/commands.h"
#include "cli/service_call.h"

namespace acestep::cli {
namespace {

int run(const CommandCall& call) {
  request::Layer layer;
  layer["use_format"] = {true, call.command().name};
  return run_words(call, std::move(layer));
}

}  // namespace

Command format_sample_command() {
  return {
      .name = "format-sample",
      .summary = "caption and lyrics rewritten, with tempo, key, metre and length",
      .details =
          "The language model rewrites a caption and lyrics in the form it was trained on and adds "
          "what is\nnot given; what is given stays. A given language is not repeated by the model. "
          "The answer is a\nrequest: what --json prints and --request_out writes is made by "
          "`acestep generate -c`.\n\nExit code 7: the model wrote nothing that describes a song.",
      .options = {request_out_option()},
      .fields = service_field_names(
          {"caption", "lyrics", "bpm", "duration", "keyscale", "timesignature", "vocal_language"}),
      .examples = {{"acestep format-sample --caption \"latin pop\" --lyrics @song.txt --bpm 96",
                    "read it first"},
                   {"acestep format-sample -p \"latin pop\" -l @song.txt -o better.json",
                    "a request file"}},
      .run = run};
}

}  // namespace acestep::cli
