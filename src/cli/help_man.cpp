#include "cli/help_man.h"

#include <sstream>

#include "acestep/version.h"
#include "cli/command_table.h"
#include "cli/help_rows.h"
#include "cli/roff.h"
#include "request/environment.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

void write_heading(std::ostream& out, std::string_view title) { out << roff_request("SH", title); }

// Paragraphs end at empty lines; other line breaks are kept, as in --help.
void write_paragraphs(std::ostream& out, std::string text) {
  for (size_t i; (i = text.find("\n\n")) != std::string::npos;) text.replace(i, 2, "\n.PP\n");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line == ".PP") {
      out << ".PP\n";
    } else {
      out << (line.starts_with(" ") ? ".br\n" : "") << roff_text(line) << '\n';
    }
  }
}

void write_verbatim(std::ostream& out, const std::string& text) {
  out << ".PP\n.RS 4\n.nf\n" << roff_text(text) << "\n.fi\n.RE\n";
}

void write_row(std::ostream& out, const HelpRow& row) {
  out << ".TP\n" << roff_bold(row.names);
  if (!row.value.empty()) out << ' ' << roff_italic(row.value);
  out << '\n';
  std::string text = row.help;
  if (!row.allowed.empty()) text += " [" + row.allowed + "]";
  if (!row.fallback.empty()) text += " (" + row.fallback + ")";
  if (!row.also.empty()) text += "; also " + request::join(row.also, ", ");
  out << roff_text(text) << '\n';
}

void write_command(std::ostream& out, const Command& command) {
  out << roff_request("SS", command.name) << roff_text(usage_of(command)) << "\n.PP\n"
      << roff_text(sentence_of(command)) << '\n';
  if (!command.details.empty()) {
    out << ".PP\n";
    write_paragraphs(out, command.details);
  }
  for (const CommandArgument& argument : command.arguments) write_row(out, row_of(argument));
  for (const CommandOption& option : command.options) write_row(out, row_of(option));
  std::vector<std::string> names;
  for (const request::Field* field : fields_of(command)) names.push_back("--" + field->name);
  const std::string fields =
      command.takes_request ? "every option below" : request::join(names, ", ");
  if (!names.empty()) out << ".PP\nTakes " << roff_text(fields) << ".\n";
}

void write_commands(std::ostream& out) {
  write_heading(out, "COMMANDS");
  for (const Command& command : all_commands()) {
    if (!command.is_hidden) write_command(out, command);
  }
}

void write_options(std::ostream& out) {
  write_heading(out, "OPTIONS");
  out << "Every option with _ may be written with \\-. Switches are \\-\\-name, "
         "\\-\\-no\\-name, \\-\\-name=true and \\-\\-name=false.\n"
         "The same names are keys of request files.\n";
  for (const HelpSection& section : sections_of(*find_command("generate"))) {
    out << roff_request("SS", section.title);
    for (const HelpRow& row : section.rows) write_row(out, row);
  }
  out << roff_request("SS", help_options().title);
  for (const HelpRow& row : help_options().rows) write_row(out, row);
}

void write_environment(std::ostream& out) {
  write_heading(out, "ENVIRONMENT");
  out << "Every option is also a variable: ACESTEP_ and its name in capitals. Options win over "
         "variables,\nvariables over request files. Besides these:\n";
  for (const request::Variable& variable : request::known_variables()) {
    const bool is_own = variable.use == request::VariableUse::kField &&
                        request::to_lower_ascii(variable.name) == "acestep_" + variable.meaning;
    const bool has_effect = variable.use == request::VariableUse::kField ||
                            variable.use == request::VariableUse::kElsewhere;
    if (is_own || !has_effect) continue;
    write_row(out, {.names = variable.name, .help = variable.meaning});
  }
}

void write_files(std::ostream& out) {
  write_heading(out, "FILES");
  write_row(out, {.names = "~/.config/acestep/config.toml",
                  .help = "the user's settings, below request files; $XDG_CONFIG_HOME moves it"});
  write_row(out, {.names = "checkpoints", .help = "the models; see --checkpoint_dir"});
  write_row(out, {.names = "output", .help = "the songs; see --save_dir"});
  write_row(out, {.names = "NAME.json", .help = "what made the song NAME; see --sidecar"});
  write_row(out,
            {.names = ".env", .help = "variables, read beside a request file; see --env_file"});
  write_row(out, {.names = "~/.cache/acestep",
                  .help = "the toy models of --checkpoint_dir tiny; $XDG_CACHE_HOME moves it"});
}

void write_exit_status(std::ostream& out) {
  write_heading(out, "EXIT STATUS");
  for (const ExitCodeRow& row : exit_code_rows()) {
    write_row(out, {.names = std::to_string(row.code), .help = std::string(row.meaning)});
  }
}

void write_examples(std::ostream& out) {
  write_heading(out, "EXAMPLES");
  for (const Command& command : all_commands()) {
    if (command.is_hidden) continue;
    for (const CommandExample& example : command.examples) {
      out << ".PP\n" << roff_text(command.name + ": " + example.meaning) << '\n';
      write_verbatim(out, example.line);
    }
  }
}

}  // namespace

std::string help_man() {
  std::ostringstream out;
  out << ".\\\" Written by `acestep help-man` from the program's own tables.\n"
      << ".TH ACESTEP 1 \"\" \"acestep " << roff_text(kVersion) << "\" \"User Commands\"\n"
      << ".nh\n.ad l\n";
  write_heading(out, "NAME");
  out << "acestep \\- writes songs: text to 48 kHz stereo\n";
  write_heading(out, "SYNOPSIS");
  out << roff_bold("acestep") << " [" << roff_italic("command") << "] [" << roff_italic("options")
      << "]\n";
  write_heading(out, "DESCRIPTION");
  out << "ACE\\-Step 1.5 in one program: it turns words into songs, on a processor or a graphics "
         "card.\nWithout a command it is "
      << roff_bold("acestep generate") << ".\n"
      << "Results go to standard output: paths, one a line, or one object with \\-\\-json. Log "
         "lines and\nprogress go to standard error.\n";
  write_commands(out);
  write_options(out);
  write_environment(out);
  write_files(out);
  write_exit_status(out);
  write_examples(out);
  return out.str();
}

}  // namespace acestep::cli
