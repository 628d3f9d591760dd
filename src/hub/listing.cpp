#include "hub/listing.h"

#include <algorithm>

#include "hub/http_errors.h"
#include "hub/listing_format.h"
#include "util/error.h"

namespace acestep::hub {
namespace {

constexpr int kMaxPages = 20;
constexpr int kTries = 3;
constexpr int kStatusOk = 200;
constexpr int kStatusNotFound = 404;
constexpr int kServerErrors = 500;

std::string percent_encoded(std::string_view text, std::string_view kept) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string result;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos || kept.find(c) != std::string_view::npos) {
      result += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    result += '%';
    result += kDigits[byte >> 4];
    result += kDigits[byte & 15];
  }
  return result;
}

std::string path_in_repo(const KnownModel& model, std::string_view name) {
  const std::string folder(model.subfolder);
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

void compare_with_catalogue(Listing& listing, const KnownModel& model) {
  for (const KnownFile& known : model.files) {
    const auto file =
        std::find_if(listing.files.begin(), listing.files.end(),
                     [&](const RemoteFile& candidate) { return candidate.name == known.name; });
    const std::string name(known.name);
    if (file == listing.files.end()) {
      listing.warnings.push_back(name + " is not listed, though earlier versions had it");
    } else if (file->bytes != known.bytes ||
               (!known.sha256.empty() && !file->sha256.empty() && file->sha256 != known.sha256)) {
      listing.warnings.push_back(name + " is not the version this program was made with");
    }
  }
}

void finish_listing(Listing& listing, const Access& access, const KnownModel& model,
                    const std::string& address) {
  std::sort(listing.files.begin(), listing.files.end(),
            [](const RemoteFile& a, const RemoteFile& b) { return a.name < b.name; });
  const auto twice =
      std::adjacent_find(listing.files.begin(), listing.files.end(),
                         [](const RemoteFile& a, const RemoteFile& b) { return a.name == b.name; });
  if (twice != listing.files.end())
    refuse_listing(address, "the list holds " + twice->name + " twice");
  const bool has_weights =
      std::any_of(listing.files.begin(), listing.files.end(),
                  [](const RemoteFile& file) { return file.name.ends_with(".safetensors"); });
  if (!has_weights)
    refuse_listing(address, "the list holds no weights of " + std::string(model.name));
  for (RemoteFile& file : listing.files) {
    file.url = file_url(access, listing.source, model, file.name);
  }
  compare_with_catalogue(listing, model);
}

// Gets one page of the list whole, or says why not.
HttpReply get_page(HttpClient& client, const HttpRequest& request, std::string& page,
                   const util::StopToken& stop) {
  HttpReply reply;
  for (int i = 0; i < kTries; ++i) {
    page.clear();
    reply = client.get(
        request,
        [&](const HttpHead&, std::span<const std::byte> bytes) {
          if (page.size() + bytes.size() > kMaxListingBytes) {
            refuse_listing(request.url, "the list is too long");
          }
          page.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
          return true;
        },
        stop);
    const bool is_done = reply.outcome == HttpOutcome::kWhole && reply.head.status < kServerErrors;
    if (is_done || !may_retry(reply) || !client.has_answered()) break;
  }
  return reply;
}

}  // namespace

std::string listing_url(const Access& access, Source source, const KnownModel& model) {
  const std::string repo = percent_encoded(model.repo, "/");
  return source == Source::kHuggingFace
             ? access.huggingface + "/api/models/" + repo + "/tree/main?recursive=true"
             : access.modelscope + "/api/v1/models/" + repo +
                   "/repo/files?Revision=master&Recursive=true";
}

std::string file_url(const Access& access, Source source, const KnownModel& model,
                     std::string_view name) {
  const std::string repo = percent_encoded(model.repo, "/");
  const std::string path = path_in_repo(model, name);
  return source == Source::kHuggingFace
             ? access.huggingface + "/" + repo + "/resolve/main/" + percent_encoded(path, "/")
             : access.modelscope + "/api/v1/models/" + repo +
                   "/repo?Revision=master&FilePath=" + percent_encoded(path, "");
}

Listing catalogue_listing(const Access& access, Source source, const KnownModel& model) {
  Listing listing;
  listing.source = source;
  listing.is_from_catalogue = true;
  for (const KnownFile& known : model.files) {
    listing.files.push_back({.name = std::string(known.name),
                             .bytes = known.bytes,
                             .sha256 = std::string(known.sha256),
                             .url = file_url(access, source, model, known.name)});
  }
  return listing;
}

Listing ask_listing(HttpClient& client, const Access& access, Source source,
                    const KnownModel& model, const util::StopToken& stop) {
  require_online(access);
  Listing listing;
  listing.source = source;
  const std::string address = listing_url(access, source, model);
  const std::string what = "the list of files of " + std::string(model.repo);
  const std::string token = source == Source::kHuggingFace ? access.token : std::string();
  std::string next = address;
  for (int page_number = 0; !next.empty() && page_number < kMaxPages; ++page_number) {
    std::string page;
    const HttpReply reply = get_page(client, {.url = next, .token = token}, page, stop);
    const bool is_answered = reply.outcome == HttpOutcome::kWhole;
    if (is_answered && reply.head.status == kStatusNotFound && !model.files.empty()) {
      return catalogue_listing(access, source, model);
    }
    if (!is_answered || reply.head.status != kStatusOk) {
      throw reply_error(reply, access, source, std::string(model.repo), what);
    }
    add_listing_page(listing, page, model, address);
    next = reply.head.next_page;
    if (!next.empty() && origin_of(next) != origin_of(address)) {
      refuse_listing(address, "the list goes on at another host");
    }
  }
  if (!next.empty()) refuse_listing(address, "the list has no end");
  finish_listing(listing, access, model, address);
  return listing;
}

}  // namespace acestep::hub
