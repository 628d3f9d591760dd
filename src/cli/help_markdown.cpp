#include "cli/help_markdown.h"

#include <algorithm>
#include <sstream>

#include "cli/command_table.h"
#include "cli/help_rows.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

using request::Field;
using request::FieldSupport;

constexpr std::string_view kHead =
    "# Command line\n\n"
    "Written by `acestep help-markdown` from the program's own tables; a test compares.\n\n"
    "Every option with `_` may be written with `-`. Switches are `--name`, `--no-name`, "
    "`--name=true` or\n`--name=false`. The same names are keys of request files, given with "
    "`-c FILE` (repeatable, later wins,\n`-` is standard input): TOML, flat or in `[defaults]` and "
    "`[generate]`, or a JSON object. An unknown key\nis a warning, with `--strict_config` an "
    "error.\n\n"
    "What wins, highest first: options, environment, `.env` files, `--config` "
    "files, "
    "`$XDG_CONFIG_HOME/acestep/config.toml`,\nthe model's preset, the default. `acestep config "
    "show` and `--dry-run --json` show every value and where it came from.\n\n"
    "Every command takes the log's options: `--quiet`, `--verbose`, `--log_level`, `--log_file`, "
    "`--log_format`\nand `--color`, described at `generate`.\n\n"
    "Standard output holds results only: paths, one per line, or with `--json` one object. Logs "
    "and progress\ngo to standard error.\n";

// Markdown tables end a cell at '|'.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

std::string code(const std::string& text) { return "`" + text + "`"; }

void write_rows(std::ostream& out, const std::vector<HelpRow>& rows) {
  out << "| name | allowed | default | meaning | also |\n|---|---|---|---|---|\n";
  for (const HelpRow& row : rows) {
    std::vector<std::string> also;
    for (const std::string& name : row.also) also.push_back(code(name));
    const std::string name = row.value.empty() ? row.names : row.names + ' ' + row.value;
    out << "| " << code(name) << " | " << cell(row.allowed) << " | " << cell(row.fallback) << " | "
        << cell(row.help) << " | " << request::join(also, ", ") << " |\n";
  }
}

void write_command(std::ostream& out, const Command& command) {
  out << "\n## acestep " << command.name << "\n\n```\n" << usage_of(command) << "\n```\n\n";
  out << command.summary << ".\n";
  if (!command.details.empty()) out << '\n' << command.details << '\n';
  if (!command.examples.empty()) {
    out << "\n```\n";
    for (const CommandExample& example : command.examples) {
      out << "# " << example.meaning << '\n' << example.line << '\n';
    }
    out << "```\n";
  }
  for (const HelpSection& section : manual_sections_of(command)) {
    out << "\n### " << section.title << "\n\n";
    write_rows(out, section.rows);
  }
  const std::string note = manual_note_of(command);
  if (!note.empty()) out << '\n' << note << '\n';
}

void write_keys(std::ostream& out, FieldSupport support, std::string_view title) {
  std::vector<std::string> names;
  for (const Field& field : request::all_fields()) {
    if (field.support == support) names.push_back(code(field.name));
  }
  std::sort(names.begin(), names.end());
  if (!names.empty()) out << "\n" << title << "\n\n" << request::join(names, ", ") << ".\n";
}

}  // namespace

std::string help_markdown() {
  std::ostringstream out;
  out << kHead << "\n| command | what it does |\n|---|---|\n";
  for (const Command& command : all_commands()) {
    if (!command.is_hidden) out << "| `" << command.name << "` | " << command.summary << " |\n";
  }
  out << '\n';
  write_rows(out, help_options().rows);
  for (const Command& command : all_commands()) {
    if (!command.is_hidden) write_command(out, command);
  }
  out << "\n## Keys of other programs' files\n";
  write_keys(out, FieldSupport::kLater,
             "Known, but refused with another value than the default until they work:");
  write_keys(out, FieldSupport::kIgnored, "Read and without effect on the song:");
  out << "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
  for (const ExitCodeRow& row : exit_code_rows()) {
    out << "| " << row.code << " | " << row.meaning << " |\n";
  }
  return out.str();
}

}  // namespace acestep::cli
