#include "selftest/workshop.h"

#include <ATen/ATen.h>

#include "diffusion/noise.h"
#include "tiny/tiny_models.h"

namespace acestep::selftest {
namespace fs = std::filesystem;

fs::path Workshop::new_path(const std::string& ending) {
  if (!folder_) folder_.emplace("acestep-selftest");
  return folder_->path() / (std::to_string(++paths_) + ending);
}

const fs::path& Workshop::tiny_models() {
  if (tiny_models_.empty()) {
    const fs::path target = new_path("-tiny");
    tiny::write_tiny_models(target, 1);
    tiny_models_ = target;
  }
  return tiny_models_;
}

at::Tensor random_tensor(at::IntArrayRef shape, uint64_t seed) {
  at::Generator generator = diffusion::make_generator(seed);
  return at::randn(shape, generator, at::TensorOptions(at::kFloat));
}

}  // namespace acestep::selftest
