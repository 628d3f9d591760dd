#include <string_view>

#include "request/checker.h"
#include "request/text.h"

namespace acestep::request {
namespace {

void check_device(Checker& checker) {
  const std::string& device = checker.settings().device;
  if (device == "auto" || device == "cpu" || device == "cuda" || device == "sim") return;
  const std::size_t colon = device.find(':');
  const std::string kind = device.substr(0, colon);
  const bool has_cards = kind == "cuda" || kind == "sim";
  const std::string_view number = has_cards && colon != std::string::npos
                                      ? std::string_view(device).substr(colon + 1)
                                      : std::string_view();
  const bool is_number = !number.empty() && number.size() <= 3 &&
                         number.find_first_not_of("0123456789") == std::string_view::npos;
  if (!is_number) checker.problem("device", "allowed: auto, cpu, cuda, cuda:N, sim");
}

void check_seeds(Checker& checker) {
  constexpr int64_t kLargestSeed = 4294967295;
  const Settings& settings = checker.settings();
  if (settings.global_seed && !checker.is_compat()) {
    checker.tell_useless("global_seed", "it needs --compat reference");
  }
  const bool counts_up = settings.seeds.size() == 1 && settings.seed_mode == "increment";
  if (!counts_up || checker.is_compat()) return;
  if (settings.seeds[0] + settings.batch_size - 1 > kLargestSeed) {
    checker.problem("seed", "the seeds of " + std::to_string(settings.batch_size) +
                                " songs would pass 4294967295");
  }
}

void check_output(Checker& checker) {
  const Settings& settings = checker.settings();
  if (settings.name_template.empty()) checker.problem("name_template", "must not be empty");
  if (settings.preview_steps && !settings.preview) {
    checker.tell_useless("preview_steps", "it needs --preview");
  }
  if (settings.output.empty()) return;
  const bool is_template = settings.output.find('{') != std::string::npos;
  const int64_t songs = settings.keep_best > 0 ? settings.keep_best : settings.batch_size;
  if (!is_template && songs > 1) {
    const char* field = settings.keep_best > 0 ? "keep_best" : "batch_size";
    checker.problem("output", std::string("names one file, but ") + field + " is " +
                                  std::to_string(songs) + "; put {index} or {seed} into it");
  }
  if (settings.output != "-") return;
  if (settings.json) checker.problem("output", "the song and --json both want standard output");
  if (settings.save_latents || settings.save_codes || settings.plot || settings.preview ||
      settings.lrc) {
    checker.problem("output",
                    "a song on standard output has no files beside it: leave "
                    "save_latents, save_codes, plot, preview and lrc out");
  }
}

}  // namespace

void check_run(Checker& checker) {
  check_device(checker);
  check_seeds(checker);
  check_output(checker);
}

}  // namespace acestep::request
