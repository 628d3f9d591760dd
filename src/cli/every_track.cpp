#include "cli/every_track.h"

#include <utility>

#include "request/song_values.h"
#include "util/error.h"

namespace acestep::cli {
namespace {

constexpr const char* kField = "{track}";

// The songs of the first result and of those after it; what else it tells is the last one's.
nlohmann::json joined(nlohmann::json first, nlohmann::json next) {
  nlohmann::json audios = std::move(first.at("audios"));
  for (auto& audio : next.at("audios")) audios.push_back(std::move(audio));
  next["audios"] = std::move(audios);
  return next;
}

}  // namespace

bool wants_every_track(const request::Settings& settings) { return settings.track == "all"; }

void require_names_of_tracks(const request::Settings& settings) {
  if (!wants_every_track(settings) || settings.output.empty()) return;
  if (settings.output.find(kField) != std::string::npos) return;
  throw Error(ErrorCode::kUsage,
              "--output " + settings.output + " would be the same for every track",
              "put {track} into it, or use --save_dir");
}

nlohmann::json make_tracks(const Prepared& prepared,
                           const std::function<nlohmann::json(const SongCall& call)>& make) {
  if (!wants_every_track(prepared.settings())) {
    return make({prepared, plan_songs(prepared), output_options(prepared.settings())});
  }
  Prepared one = prepared;
  request::Settings& settings = one.gathered.settings;
  if (settings.name_template.find(kField) == std::string::npos) {
    settings.name_template += std::string("-") + kField;
  }
  // One seed for all: left open it is drawn once.
  settings.seeds = plan_songs(one).request.seeds;
  nlohmann::json result;
  for (const std::string& track : request::track_names()) {
    settings.track = track;
    nlohmann::json made = make({one, plan_songs(one), output_options(settings)});
    result = result.is_null() ? std::move(made) : joined(std::move(result), std::move(made));
  }
  return result;
}

}  // namespace acestep::cli
