// What went wrong with a hub, told so that the user knows what to do.
#pragma once

#include <string>

#include "hub/access.h"
#include "hub/http.h"
#include "util/error.h"

namespace acestep::hub {

// The Error kModel for a reply that did not bring what was asked for. what: "the list of files of
// ACE-Step/…". Shows neither token nor the addresses that redirects led to.
Error reply_error(const HttpReply& reply, const Access& access, Source source,
                  const std::string& repo, const std::string& what);

// Trying again may help: a broken transfer, a busy or failing server.
bool may_retry(const HttpReply& reply);

}  // namespace acestep::hub
