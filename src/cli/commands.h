// The commands themselves, each described and run by a file of its own.
#pragma once

#include <vector>

#include "cli/command.h"

namespace acestep::cli {

Command generate_command();
Command doctor_command();
Command batch_command();
Command create_sample_command();
Command format_sample_command();
Command understand_command();
std::vector<Command> codes_commands();
std::vector<Command> codec_commands();
Command inspect_command();
Command lrc_command();
Command score_command();
Command quantize_command();
Command selftest_command();
Command gpu_command();
Command tiers_command();
Command tier_test_command();
Command bench_command();
Command profile_command();
std::vector<Command> models_commands();
std::vector<Command> adapters_commands();
std::vector<Command> config_commands();
Command version_command();
// Texts made from the tables: shell completion, the man page, docs/CLI.md.
std::vector<Command> generated_text_commands();

}  // namespace acestep::cli
