// What every rule of validate.cpp and its neighbours works with: the settings, and how a mistake is
// told.
#pragma once

#include <string>

#include "request/findings.h"
#include "request/layer.h"
#include "request/presets.h"

namespace acestep::request {

class Checker final {
 public:
  Checker(const Gathered& gathered, Findings& findings)
      : gathered_(gathered), findings_(findings) {}

  const Settings& settings() const { return gathered_.settings; }
  bool is_given(const std::string& field) const { return gathered_.is_given(field); }
  // Somebody said it, on the command line or in the environment.
  bool is_typed(const std::string& field) const;
  bool is_compat() const { return settings().compat == "reference"; }

  // "bpm = '301' (cli): allowed: 30 … 300"
  void problem(const std::string& field, const std::string& allowed);
  void warn(std::string text) { findings_.warnings.push_back(std::move(text)); }
  // An option without effect is a mistake on the command line and harmless in a file.
  void tell_useless(const std::string& field, const std::string& why);

 private:
  const Gathered& gathered_;
  Findings& findings_;
};

// Rules between fields, by what they are about.
void check_task(Checker& checker, ModelFamily family);  // what a task needs, and what it ignores
void check_song(Checker& checker);                      // caption, lyrics, metadata, codes
void check_sampling(Checker& checker, bool is_turbo);
void check_reference(Checker& checker);  // reference audio, decoder
void check_flow_edit(Checker& checker);
void check_run(Checker& checker);  // device, seeds, output
void check_adapters(Checker& checker);
void check_review(Checker& checker);  // lyrics' times, scores, the choice by them

}  // namespace acestep::request
