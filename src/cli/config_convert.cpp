#include <iostream>

#include "cli/config_commands.h"
#include "cli/given_settings.h"
#include "cli/log.h"
#include "request/request_fields.h"
#include "request/request_text.h"
#include "request/text.h"
#include "util/atomic_file.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

// TOML files may name files in place of texts; a text that looks so would be read as one.
void refuse_texts_that_name_files(const request::Layer& layer) {
  for (const auto& [name, given] : layer) {
    const auto* text = std::get_if<std::string>(&given.value);
    if (text == nullptr || !stands_for_file(name, *text)) continue;
    throw Error(ErrorCode::kUsage,
                name + " = " + request::in_quotes(*text) +
                    " cannot be said in TOML: it would be read as the name of a file",
                "use --to json");
  }
}

std::string format_for(const CommandCall& call, const std::string& output) {
  if (call.has("to")) return call.text("to");
  return output.ends_with(".toml") ? "toml" : "json";
}

// The layer that the file says, or all of its problems at once.
request::Layer layer_of(const std::string& file, const request::Settings& settings) {
  GivenSettings given;
  request::Layer layer = read_request_layer(read_request_file(file, given.standard_input), given);
  auto& unknown = settings.strict_config ? given.findings.problems : given.findings.warnings;
  unknown.insert(unknown.end(), given.unknown_keys.begin(), given.unknown_keys.end());
  request::throw_problems(given.findings);
  log_findings(given.findings);
  return layer;
}

int run(const CommandCall& call) {
  const request::Settings settings = gather_fields(call).settings;
  const request::Layer layer = layer_of(call.argument(0), settings);
  const std::string output = call.text("output", "-");
  const bool is_toml = format_for(call, output) == "toml";
  if (is_toml) refuse_texts_that_name_files(layer);
  const std::string text = is_toml ? to_toml_text(layer) : to_json_text(layer);
  if (output == "-") {
    std::cout << text;
    return 0;
  }
  util::write_atomically(output, text, util::existing_if(settings.force));
  std::cout << output << '\n';
  return 0;
}

}  // namespace

Command config_convert_command() {
  return {.name = "config convert",
          .summary = "a request of any dialect under acestep's own names",
          .details =
              "Writes only what the file gives; texts that a TOML file takes from other files "
              "are put in.",
          .arguments = {{"FILE", "a request file of any dialect; - is standard input"}},
          .options = {{.name = "output",
                       .value = "FILE",
                       .help = "where to write",
                       .short_name = 'o',
                       .fallback = "standard output"},
                      {.name = "to",
                       .value = "FORMAT",
                       .help = "json or toml",
                       .choices = {"json", "toml"},
                       .fallback = "by the ending of --output, else json"}},
          .fields = {"force", "quiet", "strict_config"},
          .examples = {{"acestep config convert request.json -o song.toml", "to TOML"},
                       {"acestep config convert request0.json | acestep generate -c -",
                        "a request of acestep.cpp, seen as acestep understands it"}},
          .run = run};
}

}  // namespace acestep::cli
