// Brings one file's bytes down, through cuts, stalls and servers that do not keep to the protocol.
#pragma once

#include <chrono>
#include <string>

#include "hub/access.h"
#include "hub/http.h"
#include "hub/listing.h"
#include "hub/observer.h"
#include "hub/part_file.h"
#include "util/stop_token.h"

namespace acestep::hub {

struct RetryPolicy {
  int tries = 5;                               // in a row without a new byte
  std::chrono::milliseconds first_wait{1000};  // doubles with every try
  std::chrono::milliseconds longest_wait{30'000};
};

// What all files of a download share.
struct TransferTools {
  HttpClient& client;
  const Access& access;
  DownloadObserver& observer;
  const util::StopToken& stop;
  RetryPolicy retry = {};
};

// Adds to `part` until it has exactly file.bytes bytes. Where the server does not go on from the
// middle, it begins again. Throws Error kModel saying what to do when the server cannot or will not
// deliver, kOutput when the disk cannot take it, and the stop's Error: the part stays for the next
// run in every case but one, a server that sends more than it lists.
void transfer(PartFile& part, const RemoteFile& file, Source source, const std::string& repo,
              const TransferTools& tools);

}  // namespace acestep::hub
