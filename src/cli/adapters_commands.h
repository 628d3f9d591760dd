// The commands `acestep adapters …`, each in a file of its own.
#pragma once

#include "cli/command.h"

namespace acestep::cli {

Command adapters_list_command();
Command adapters_info_command();
Command adapters_merge_command();

}  // namespace acestep::cli
