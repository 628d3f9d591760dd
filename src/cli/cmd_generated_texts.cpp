#include <iostream>

#include "cli/commands.h"
#include "cli/completion.h"
#include "cli/help_man.h"
#include "cli/help_markdown.h"

namespace acestep::cli {
namespace {

int run_markdown(const CommandCall&) {
  std::cout << help_markdown();
  return 0;
}

int run_man(const CommandCall&) {
  std::cout << help_man();
  return 0;
}

int run_completion(const CommandCall& call) {
  const std::string shell = call.argument(0);
  std::cout << (shell == "bash"  ? bash_completion()
                : shell == "zsh" ? zsh_completion()
                                 : fish_completion());
  return 0;
}

Command completion_command() {
  return {
      .name = "completion",
      .summary = "a script that completes commands, options and values in the shell",
      .details =
          "For the running bash: source <(acestep completion bash). For every new one, write "
          "the script where the\nshell looks for it:\n\n"
          "  bash  ~/.local/share/bash-completion/completions/acestep\n"
          "        (needs the package bash-completion; else source it from ~/.bashrc)\n"
          "  zsh   _acestep in a folder of $fpath, before compinit runs\n"
          "  fish  ~/.config/fish/completions/acestep.fish\n\n"
          "cmake --install puts all three where the shells of the system look.",
      .arguments = {{.name = "SHELL",
                     .help = "the shell that reads the script",
                     .choices = {"bash", "zsh", "fish"}}},
      .examples = {{"acestep completion bash \\\n"
                    "    >~/.local/share/bash-completion/completions/acestep",
                    "bash, for every new shell"},
                   {"acestep completion zsh >~/.zfunc/_acestep",
                    "zsh, with fpath+=~/.zfunc before compinit in ~/.zshrc"},
                   {"acestep completion fish >~/.config/fish/completions/acestep.fish", "fish"}},
      .run = run_completion};
}

}  // namespace

std::vector<Command> generated_text_commands() {
  return {
      completion_command(),
      {.name = "help-markdown", .summary = "docs/CLI.md", .is_hidden = true, .run = run_markdown},
      {.name = "help-man",
       .summary = "the manual page acestep(1)",
       .is_hidden = true,
       .run = run_man}};
}

}  // namespace acestep::cli
