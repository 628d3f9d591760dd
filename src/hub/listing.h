// Which files a model has on a hub, as the hub itself lists them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "hub/access.h"
#include "hub/catalogue.h"
#include "hub/http.h"
#include "util/stop_token.h"

namespace acestep::hub {

struct RemoteFile {
  std::string name;  // a plain file name
  uint64_t bytes = 0;
  std::string sha256 = {};    // empty: not told
  std::string git_blob = {};  // likewise
  std::string url = {};
};

struct Listing {
  Source source = Source::kHuggingFace;
  std::vector<RemoteFile> files;      // those a model needs, by name
  std::vector<std::string> left_out;  // what lies beside them: code, pages, pictures
  std::vector<std::string> warnings;  // where the catalogue says otherwise
  bool is_from_catalogue = false;     // the hub lists nothing: the built-in list
};

// Addresses. Names are percent-encoded.
std::string listing_url(const Access& access, Source source, const KnownModel& model);
std::string file_url(const Access& access, Source source, const KnownModel& model,
                     std::string_view name);

// Configuration, weights, tokenizer and licence files: not code, pages or pictures.
bool is_needed(std::string_view file_name);

// What the catalogue knows; files are empty where only the hub knows.
Listing catalogue_listing(const Access& access, Source source, const KnownModel& model);

// Asks the hub. A hub without lists (a plain mirror of files) is answered for by the catalogue
// where that is complete. Throws Error kModel saying what to do when there is no list, and the
// stop's.
Listing ask_listing(HttpClient& client, const Access& access, Source source,
                    const KnownModel& model, const util::StopToken& stop);

}  // namespace acestep::hub
