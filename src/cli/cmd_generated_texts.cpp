#include <iostream>

#include "cli/commands.h"
#include "cli/help_markdown.h"

namespace acestep::cli {
namespace {

int run_markdown(const CommandCall&) {
  std::cout << help_markdown();
  return 0;
}

}  // namespace

std::vector<Command> generated_text_commands() {
  return {
      {.name = "help-markdown", .summary = "docs/CLI.md", .is_hidden = true, .run = run_markdown}};
}

}  // namespace acestep::cli
