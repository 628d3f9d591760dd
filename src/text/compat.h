// Whether a text function repeats the reference's known mistakes (docs/PARITY.md) or mends them.
#pragma once

namespace acestep::text {

enum class Compat { kFixed, kReference };

}  // namespace acestep::text
