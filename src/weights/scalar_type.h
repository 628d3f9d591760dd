// How the number types of model files are called by torch.
#pragma once

#include <c10/core/ScalarType.h>

#include "weights/safetensors.h"

namespace acestep::weights {

at::ScalarType scalar_type(StoredType type);
// Throws Error kInternal for a type that safetensors cannot hold.
StoredType stored_type(at::ScalarType type);

}  // namespace acestep::weights
