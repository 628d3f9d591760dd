#include <spdlog/spdlog.h>

#include <iostream>

#include "cli/commands.h"
#include "cli/given_settings.h"
#include "cli/inspect_text.h"

namespace acestep::cli {
namespace {

void print_json(const nlohmann::json& value) {
  std::cout << value.dump(2, ' ', /*ensure_ascii=*/false, nlohmann::json::error_handler_t::replace)
            << '\n';
}

int run(const CommandCall& call) {
  const request::Settings settings = gather_fields(call).settings;
  const pipeline::FoundRecord found = pipeline::find_record(call.argument(0));
  if (call.is_on("request")) {
    const nlohmann::json request = pipeline::repeating_request(found);
    for (const std::string& remark : found.remarks) spdlog::warn("{}", remark);
    spdlog::info("request from {}", found.file.string());
    print_json(request);
  } else if (settings.json) {
    print_json(inspect_json(found));
  } else {
    std::cout << inspect_text(found);
  }
  return 0;
}

}  // namespace

Command inspect_command() {
  return {
      .name = "inspect",
      .summary = "how a song was made, and a request that makes it again",
      .details =
          "Reads the record inside a song (WAV, FLAC, MP3, Ogg) or the NAME.json beside it. The "
          "latter is\npreferred when it was written for exactly this file: a WAV holds no more "
          "than 2000 bytes and an Opus\nfile no more than 51200, so long lyrics or audio codes "
          "may stand in NAME.json alone.\n\nA request of --request holds every field that decides "
          "the song, the models and the precision by\nname, so that it makes the same file byte "
          "for byte with the same version, the same models and the\nsame --threads; only where to "
          "find the models and where to write is up to you. A file without a\nrecord, or one "
          "that breaks off, ends with exit code 4.",
      .arguments = {{"FILE", "a song or the NAME.json beside it"}},
      .options = {{.name = "request", .help = "print the request alone, as JSON"}},
      .fields = {"json"},
      .examples = {{"acestep inspect song.flac", "what made this song"},
                   {"acestep inspect song.flac --request | acestep generate -c - -o again.flac",
                    "the same song again"},
                   {"acestep inspect song.flac --json", "everything, for scripts"}},
      .run = run};
}

}  // namespace acestep::cli
