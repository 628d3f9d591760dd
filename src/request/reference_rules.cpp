#include "request/checker.h"
#include "util/argument_vector.h"

namespace acestep::request {
namespace {

void check_decoder(Checker& checker) {
  const std::string& text = checker.settings().decoder;
  if (text.empty()) return;
  const util::ArgumentVector command = util::parse_argument_vector(text, "--decoder");
  if (!util::takes_file(command)) {
    checker.problem("decoder", "must have {} among its arguments, where the file's name goes");
  }
}

}  // namespace

void check_reference(Checker& checker) {
  const Settings& settings = checker.settings();
  if (settings.python_seed && !checker.is_compat()) {
    checker.tell_useless("python_seed", "it needs --compat reference");
  }
  check_decoder(checker);
}

}  // namespace acestep::request
