#include "cli/engine_call.h"

#include "util/error.h"

namespace acestep::cli {

nlohmann::json make_songs(const Prepared&, Progress&, const util::StopToken&) {
  throw Error(ErrorCode::kInternal, "this build holds no engine", "build the target acestep");
}

}  // namespace acestep::cli
