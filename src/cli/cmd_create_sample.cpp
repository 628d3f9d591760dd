#include <utility>

#include "cli/commands.h"
#include "cli/service_call.h"

namespace acestep::cli {
namespace {

int run(const CommandCall& call) {
  const std::string query = call.argument(0);
  request::Layer layer;
  layer["sample_query"] = {query, "cli"};
  layer["sample_mode"] = {true, call.command().name};
  return run_words(call, std::move(layer));
}

}  // namespace

Command create_sample_command() {
  return {
      .name = "create-sample",
      .summary =
          "a song in words from a wish: caption, lyrics, tempo, key, metre, length, language",
      .details =
          "The language model makes up what the wish leaves open. A language that the wish names "
          "and words such\nas \"instrumental\" count as if --vocal_language and --instrumental had "
          "said so. The answer is a request:\nwhat --json prints and --request_out writes is "
          "made by `acestep generate -c`.\n\nExit code 7: the model wrote nothing that describes "
          "a song.",
      .arguments = {{.name = "QUERY",
                     .help = "the wish; text, @FILE or -; without one: a song of its own choice",
                     .is_required = false}},
      .options = {request_out_option()},
      .fields = service_field_names({"instrumental", "vocal_language"}),
      .examples = {{"acestep create-sample \"a soft Bengali love song\"", "read it first"},
                   {"acestep create-sample \"piano solo\" --seed 7 -o solo.json", "a request file"},
                   {"acestep create-sample --json | acestep generate -c -", "any song at all"}},
      .run = run};
}

}  // namespace acestep::cli
