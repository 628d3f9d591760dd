#include "fuzz/outcome.h"
#include "fuzz/targets.h"
#include "hub/http_head.h"
#include "hub/listing_format.h"
#include "request/text.h"

namespace acestep::fuzz {
namespace {

// Whatever a hub says, a file lands directly in its model's folder.
void require_plain(const std::string& name) {
  require(!name.empty() && name != "." && name != "..", "a name that is no file's");
  require(name.find_first_of(std::string_view("/\\:\n\0", 5)) == std::string::npos,
          "a name that leads elsewhere");
}

int try_list(std::string_view answer, hub::Source source) {
  hub::Listing listing;
  listing.source = source;
  return outcome(ErrorCode::kModel, [&] {
    hub::add_listing_page(listing, answer, *hub::find_known("vae"), "list");
    for (const hub::RemoteFile& file : listing.files) require_plain(file.name);
  });
}

}  // namespace

int fuzz_huggingface_list(const uint8_t* bytes, size_t count) {
  return try_list(as_text(bytes, count), hub::Source::kHuggingFace);
}

int fuzz_modelscope_list(const uint8_t* bytes, size_t count) {
  return try_list(as_text(bytes, count), hub::Source::kModelScope);
}

// -1: nothing was understood.
int fuzz_http_head(const uint8_t* bytes, size_t count) {
  hub::HttpHead head;
  for (const std::string& line : request::split_any(as_text(bytes, count), "\n")) {
    hub::add_header_line(head, line);
  }
  require(head.retry_after_seconds >= 0 && head.retry_after_seconds <= 600, "an endless wait");
  return head.status == 0 ? -1 : 0;
}

}  // namespace acestep::fuzz
