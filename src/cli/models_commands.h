// The commands `models …`, each described and run by a file of its own.
#pragma once

#include "cli/command.h"

namespace acestep::cli {

Command models_list_command();
Command models_info_command();
Command models_where_command();
Command models_verify_command();
Command models_download_command();
Command models_plan_download_command();
Command models_convert_command();
Command models_remove_command();
Command models_make_tiny_command();

}  // namespace acestep::cli
