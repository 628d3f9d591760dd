// What the user said and where: the user's configuration, request files, the environment, options.
#pragma once

#include <string>
#include <vector>

#include "cli/command.h"
#include "cli/text_input.h"
#include "device/cuda_backend.h"
#include "request/document.h"
#include "request/findings.h"
#include "request/layer.h"

namespace acestep::cli {

// Read once per process: standard input cannot be read again.
struct GivenSettings {
  std::vector<request::Layer> files;  // lowest precedence first
  request::Layer environment;         // with what .env files add to it
  request::Layer options;
  std::vector<std::string> unknown_keys;          // of the files, one message each
  request::Findings findings;                     // values that are not of their field's type
  std::vector<request::Variable> idle_variables;  // set, but without effect
  StandardInput standard_input;
  device::CudaBackend cuda = {};  // what main found at its start
};

// Throws Error kInput for files that cannot be read, kUsage for files that cannot be parsed.
GivenSettings read_given_settings(const CommandCall& call);

// "-" is standard input. Throws as read_given_settings().
request::Document read_request_file(const std::string& file, StandardInput& standard_input);

// A request file as one layer, the texts it names read; unknown keys are appended.
request::Layer read_request_layer(const request::Document& document, GivenSettings& given);

// Settings of a command that takes single fields (Command::fields) and no request: the user's
// configuration, environment and options. Throws Error kUsage for values that do not fit.
request::Gathered gather_fields(const CommandCall& call);

// Nothing is composed: no language model is planned or loaded. why: who says so, for messages.
void go_without_language_model(GivenSettings& given, const std::string& why);

// What start_log() needs, from the same places; request files may say otherwise later. Throws too.
request::TerminalSettings log_settings(const CommandCall& call);

}  // namespace acestep::cli
