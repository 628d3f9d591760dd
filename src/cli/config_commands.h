// The commands `acestep config …`, each in a file of its own.
#pragma once

#include "cli/command.h"

namespace acestep::cli {

Command config_show_command();
Command config_check_command();
Command config_convert_command();
Command config_init_command();

}  // namespace acestep::cli
