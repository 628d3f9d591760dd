#include "cli/help.h"

#include <algorithm>
#include <sstream>

#include "cli/help_rows.h"
#include "request/request_fields.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

using request::Field;
using request::FieldGroup;
using request::FieldSupport;

constexpr std::string_view kUsage =
    "acestep writes songs: text to 48 kHz stereo.\n\n"
    "Usage: acestep [generate] [options]\n"
    "       acestep models make-tiny DIR [--seed N]\n"
    "       acestep version [--json]\n\n"
    "Examples:\n"
    "  acestep generate --caption \"calm folk ballad, finger-picked guitar\" \\\n"
    "      --lyrics @song.txt --duration 60 --seed 7 --output ballad.flac\n"
    "  acestep generate -c ballad.json --batch_size 4      # a request file, four songs\n"
    "  acestep generate -c ballad.json --dry-run           # what would be done\n\n"
    "The song's path goes to standard output, everything else to standard error.\n";

constexpr std::string_view kModelsHelp =
    "acestep models make-tiny DIR [--seed N] [--json] [--quiet]\n\n"
    "Writes a complete toy model folder in the published layout: random weights, so that what it\n"
    "makes sounds like noise. It shows that everything works, in seconds.\n\n"
    "  --seed N     other weights for another number (1)\n"
    "  --json       one result object on standard output\n"
    "  -q, --quiet  no remark on standard error\n\n"
    "Example:\n"
    "  acestep models make-tiny toy && acestep generate --checkpoint_dir toy --caption rain\n\n"
    "`--checkpoint_dir tiny` does the same with a folder in the cache.\n";

constexpr std::string_view kVersionHelp =
    "acestep version [--json]\n\n"
    "Prints the versions of the program and its libraries.\n\n"
    "Example:\n"
    "  acestep version --json\n";

constexpr std::string_view kNotes =
    "\nEvery option with '_' may be written with '-'. Switches also take =true and =false.\n";

std::string padded(std::string text, size_t width) {
  const size_t characters = request::count_characters(text);
  if (characters < width) text.append(width - characters, ' ');
  return text;
}

std::string details_of(const Field& field) {
  const std::string allowed = allowed_values(field);
  const std::string fallback = default_text(field);
  std::string text = field.help;
  if (!allowed.empty() && allowed != "text") text += " [" + allowed + "]";
  if (!fallback.empty()) text += " (" + fallback + ")";
  return text;
}

std::string with_value(const Field& field) {
  const std::string value = value_name(field);
  return value.empty() ? option_name(field) : option_name(field) + ' ' + value;
}

std::string extra_names(const Field& field) {
  std::string text = "also ";
  for (const std::string& alias : field.aliases) text += "--" + alias + ", ";
  return text + request::join(environment_names(field), ", ");
}

// "  NAME   text", the text broken between words where a line would pass 100 columns.
void write_row(std::ostream& out, const std::string& name, const std::string& text) {
  constexpr size_t kColumn = 32;
  constexpr size_t kColumns = 100;
  std::string line = padded("  " + name, kColumn - 1);
  if (request::count_characters(line) >= kColumn) {
    out << line << '\n';
    line.assign(kColumn - 1, ' ');
  }
  size_t used = kColumn - 1;
  for (const std::string& word : request::split_any(text, " ")) {
    const size_t width = request::count_characters(word);
    if (used + 1 + width > kColumns) {
      out << line << '\n';
      line.assign(kColumn - 1, ' ');
      used = kColumn - 1;
    }
    line += ' ' + word;
    used += 1 + width;
  }
  out << line << '\n';
}

void write_group(std::ostream& out, FieldGroup group, HelpDetail detail) {
  out << '\n' << title_of(group) << ":\n";
  for (const Field& field : request::all_fields()) {
    if (field.group != group || field.support != FieldSupport::kNow) continue;
    write_row(out, with_value(field), details_of(field));
    if (detail == HelpDetail::kAll) write_row(out, "", extra_names(field));
  }
}

void write_config_options(std::ostream& out) {
  out << "\nRequest files:\n";
  write_row(out, "-c, --config FILE",
            "TOML or JSON with the same names; repeatable, later wins; - is standard input. The "
            "NAME.json beside a song makes it again");
  out << "\nHelp:\n";
  write_row(out, "-h, --help", "this text; after a command, that command's");
  write_row(out, "--help-all", "aliases, environment variables and exit codes too");
  write_row(out, "--version", "as `acestep version`");
}

void write_exit_codes(std::ostream& out) {
  out << "\nExit codes:\n";
  for (const ExitCodeRow& row : exit_code_rows()) {
    out << "  " << padded(std::to_string(row.code), 4) << row.meaning << '\n';
  }
}

// Markdown tables end a cell at '|'.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

std::string code(const std::string& text) {
  std::string quoted(1, '`');
  quoted += text;
  quoted.push_back('`');
  return quoted;
}

void write_markdown_group(std::ostream& out, FieldGroup group) {
  out << "\n## " << title_of(group) << "\n\n"
      << "| option | allowed | default | meaning | also |\n|---|---|---|---|---|\n";
  for (const Field& field : request::all_fields()) {
    if (field.group != group || field.support != FieldSupport::kNow) continue;
    std::vector<std::string> names;
    for (const std::string& alias : field.aliases) names.push_back(code("--" + alias));
    for (const std::string& name : environment_names(field)) names.push_back(code(name));
    const std::string allowed = allowed_values(field);
    out << "| `" << option_name(field) << "` | " << cell(allowed.empty() ? "on, off" : allowed)
        << " | " << cell(default_text(field)) << " | " << cell(field.help) << " | "
        << request::join(names, ", ") << " |\n";
  }
}

void write_markdown_keys(std::ostream& out, FieldSupport support, std::string_view title) {
  std::vector<std::string> names;
  for (const Field& field : request::all_fields()) {
    if (field.support == support) names.push_back(code(field.name));
  }
  std::sort(names.begin(), names.end());
  out << "\n" << title << "\n\n" << request::join(names, ", ") << ".\n";
}

constexpr std::string_view kMarkdownHead =
    "# Command line\n\n"
    "Written by `acestep help-markdown` from the program's own table of fields; a test "
    "compares.\n\n"
    "```\n"
    "acestep [generate] [options]            a song from words\n"
    "acestep models make-tiny DIR [--seed N] a complete toy model folder; it sounds like noise\n"
    "acestep version [--json]                versions of program and libraries\n"
    "acestep --help | --help-all\n"
    "```\n\n"
    "Every option with `_` may be written with `-`. Switches are `--name`, `--no-name`, "
    "`--name=true` or\n`--name=false`. The same names are keys of request files, given with "
    "`-c FILE` (repeatable, later wins,\n`-` is standard input): TOML, flat or in `[defaults]` and "
    "`[generate]`, or a JSON object. An unknown key\nis a warning, with `--strict_config` an "
    "error.\n\n"
    "What wins, highest first: options, environment, `--config` files, "
    "`$XDG_CONFIG_HOME/acestep/config.toml`,\nthe model's preset, the default. `--dry-run --json` "
    "shows every value and where it came from.\n\n"
    "Standard output holds results only: paths, one per line, or with `--json` one object. Logs "
    "and "
    "progress\ngo to standard error.\n";

}  // namespace

std::string help_for(const std::string& command, HelpDetail detail) {
  if (command == "models") return std::string(kModelsHelp);
  if (command == "version") return std::string(kVersionHelp);
  return help_text(detail);
}

std::string help_text(HelpDetail detail) {
  std::ostringstream out;
  out << kUsage;
  for (const FieldGroup group : request::all_groups()) write_group(out, group, detail);
  write_config_options(out);
  out << kNotes;
  if (detail == HelpDetail::kAll) write_exit_codes(out);
  return out.str();
}

std::string help_markdown() {
  std::ostringstream out;
  out << kMarkdownHead;
  for (const FieldGroup group : request::all_groups()) write_markdown_group(out, group);
  out << "\n## Keys of other programs' files\n";
  write_markdown_keys(out, FieldSupport::kLater,
                      "Known, but refused with another value than the default until they work:");
  write_markdown_keys(out, FieldSupport::kIgnored, "Read and without effect on the song:");
  out << "\n## Exit codes\n\n| code | meaning |\n|---|---|\n";
  for (const ExitCodeRow& row : exit_code_rows()) {
    out << "| " << row.code << " | " << row.meaning << " |\n";
  }
  return out.str();
}

}  // namespace acestep::cli
