#include "cli/help.h"

#include <sstream>

#include "cli/command_table.h"
#include "cli/help_rows.h"
#include "request/text.h"

namespace acestep::cli {
namespace {

std::string padded(std::string text, size_t width) {
  const size_t characters = request::count_characters(text);
  if (characters < width) text.append(width - characters, ' ');
  return text;
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

std::string details_of(const HelpRow& row) {
  std::string text = row.help;
  if (!row.allowed.empty()) text += " [" + row.allowed + "]";
  if (!row.fallback.empty()) text += " (" + row.fallback + ")";
  return text;
}

void write_section(std::ostream& out, const HelpSection& section, HelpDetail detail) {
  out << '\n' << section.title << ":\n";
  for (const HelpRow& row : section.rows) {
    const std::string name = row.value.empty() ? row.names : row.names + ' ' + row.value;
    write_row(out, name, details_of(row));
    const bool tells_all = detail == HelpDetail::kAll && !row.also.empty();
    if (tells_all) write_row(out, "", "also " + request::join(row.also, ", "));
  }
}

void write_examples(std::ostream& out, const Command& command) {
  if (command.examples.empty()) return;
  out << (command.examples.size() == 1 ? "\nExample:\n" : "\nExamples:\n");
  for (const CommandExample& example : command.examples) {
    out << "  # " << example.meaning << '\n';
    for (const std::string& line : request::split_any(example.line, "\n")) {
      out << "  " << line << '\n';
    }
  }
}

void write_command(std::ostream& out, const Command& command,
                   const std::vector<HelpSection>& sections, HelpDetail detail) {
  out << usage_of(command) << "\n\n" << sentence_of(command) << '\n';
  if (!command.details.empty()) out << '\n' << command.details << '\n';
  for (const HelpSection& section : sections) write_section(out, section, detail);
  write_examples(out, command);
}

void write_commands(std::ostream& out, const std::string& word) {
  for (const Command& command : all_commands()) {
    const bool fits = word.empty() || command.name.starts_with(word + " ");
    if (fits && !command.is_hidden) write_row(out, command.name, command.summary);
  }
}

void write_exit_codes(std::ostream& out) {
  out << "\nExit codes:\n";
  for (const ExitCodeRow& row : exit_code_rows()) {
    out << "  " << padded(std::to_string(row.code), 4) << row.meaning << '\n';
  }
}

constexpr std::string_view kNotes =
    "\nEvery option with '_' may be written with '-'. Switches also take =true and =false.\n";

}  // namespace

std::string help_overview(HelpDetail detail) {
  std::ostringstream out;
  out << "acestep writes songs: text to 48 kHz stereo.\n\n"
         "Usage: acestep [command] [options]\n\n"
         "Commands (generate when only options are given):\n";
  write_commands(out, "");
  write_examples(out, *find_command("generate"));
  write_section(out, help_options(), detail);
  out << "\n`acestep generate --help` lists every option of a song.\n";
  if (detail == HelpDetail::kUsual) return out.str();
  for (const Command& command : all_commands()) {
    if (command.is_hidden) continue;
    out << "\n\n" << std::string(100, '-') << "\n";
    write_command(out, command, manual_sections_of(command), detail);
    const std::string note = manual_note_of(command);
    if (!note.empty()) out << '\n' << note << '\n';
  }
  out << "\nEvery command takes the log's options: --quiet, --verbose and those that begin with "
         "log "
         "or color.\n";
  out << kNotes;
  write_exit_codes(out);
  return out.str();
}

std::string help_for(const std::string& command, HelpDetail detail) {
  std::ostringstream out;
  if (const Command* known = find_command(command)) {
    write_command(out, *known, sections_of(*known), detail);
    write_section(out, help_options(), detail);
    out << kNotes;
    if (detail == HelpDetail::kAll) write_exit_codes(out);
    return out.str();
  }
  const std::string word = command.substr(0, command.find(' '));
  if (actions_of(word).empty()) return help_overview(detail);
  out << "acestep " << word << " ACTION [options]\n\n";
  write_commands(out, word);
  out << "\n`acestep " << word << " ACTION --help` tells more.\n";
  return out.str();
}

}  // namespace acestep::cli
