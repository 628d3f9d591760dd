#include "selftest/workshop.h"

#include <ATen/ATen.h>

#include <cstdlib>
#include <system_error>

#include "diffusion/noise.h"
#include "tiny/tiny_models.h"
#include "util/error.h"

namespace acestep::selftest {
namespace fs = std::filesystem;

Workshop::~Workshop() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

const fs::path& Workshop::folder() {
  if (!folder_.empty()) return folder_;
  const char* wanted = std::getenv("TMPDIR");
  const fs::path parent = wanted == nullptr || *wanted == '\0' ? "/tmp" : wanted;
  std::string pattern = (parent / "acestep-selftest-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw Error(ErrorCode::kOutput, "no folder can be made in " + parent.string() +
                                        " (set TMPDIR to a folder you can write to)");
  }
  folder_ = pattern;
  return folder_;
}

fs::path Workshop::new_path(const std::string& ending) {
  return folder() / (std::to_string(++paths_) + ending);
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
