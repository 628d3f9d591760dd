#include "device/cuda_backend.h"

#include <c10/core/CPUAllocator.h>
#include <dlfcn.h>

#include <array>
#include <filesystem>

#include "device/cuda_plugin.h"

namespace acestep::device {
namespace fs = std::filesystem;
namespace {

// The driver's own count, asked without linking to it.
int driver_device_count(std::string& why_not) {
  void* driver = dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL);
  if (driver == nullptr) {
    why_not = "no NVIDIA driver (libcuda.so.1)";
    return 0;
  }
  const auto init = reinterpret_cast<int (*)(unsigned)>(dlsym(driver, "cuInit"));
  const auto count_devices = reinterpret_cast<int (*)(int*)>(dlsym(driver, "cuDeviceGetCount"));
  int count = 0;
  if (init == nullptr || count_devices == nullptr || init(0) != 0 || count_devices(&count) != 0) {
    why_not = "the NVIDIA driver does not start";
    return 0;
  }
  if (count == 0) why_not = "the NVIDIA driver reports no device";
  return count;
}

fs::path folder_of(const void* symbol) {
  Dl_info info{};
  if (dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return {};
  return fs::path(info.dli_fname).parent_path();
}

fs::path torch_folder() {
  const auto anchor = static_cast<c10::Allocator* (*)()>(&c10::GetCPUAllocator);
  return folder_of(reinterpret_cast<const void*>(anchor));
}

// The plugin lies beside the executable in a build tree, in ../lib/acestep once installed.
const CudaPlugin* load_plugin() {
  static const CudaPlugin* const plugin = []() -> const CudaPlugin* {
    std::error_code ignored;
    const fs::path executable = fs::read_symlink("/proc/self/exe", ignored).parent_path();
    const std::array<fs::path, 2> places = {
        executable / kCudaPluginFile, executable / ".." / "lib" / "acestep" / kCudaPluginFile};
    for (const fs::path& place : places) {
      if (!fs::exists(place, ignored)) continue;
      void* library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
      if (library == nullptr) continue;
      const auto entry = reinterpret_cast<CudaPluginEntry>(dlsym(library, kCudaPluginEntry));
      if (entry != nullptr) return entry();
    }
    return nullptr;
  }();
  return plugin;
}

}  // namespace

CudaBackend load_cuda_backend() {
  CudaBackend backend;
  if (driver_device_count(backend.why_not) == 0) return backend;
  const fs::path library = torch_folder() / "libtorch_cuda.so";
  if (dlopen(library.c_str(), RTLD_NOW | RTLD_GLOBAL) == nullptr) {
    const char* reason = dlerror();
    backend.why_not = "libtorch_cuda.so does not load (" +
                      std::string(reason ? reason : "unknown") +
                      "); tools/setup --gpu installs its libraries";
    return backend;
  }
  backend.is_loaded = true;
  return backend;
}

std::optional<CudaCard> cuda_card(int index) {
  const CudaPlugin* plugin = load_plugin();
  CudaCardInfo info{};
  if (plugin == nullptr || !plugin->card_info(index, &info)) return std::nullopt;
  return CudaCard{info.name, info.compute_major, info.compute_minor, info.total_bytes,
                  info.free_bytes};
}

std::optional<uint64_t> cuda_peak_bytes(int index) {
  const CudaPlugin* plugin = load_plugin();
  if (plugin == nullptr) return std::nullopt;
  return plugin->peak_bytes(index);
}

void reset_cuda_peak(int index) {
  if (const CudaPlugin* plugin = load_plugin()) plugin->reset_peak(index);
}

std::optional<uint64_t> cuda_usable_bytes(int index) {
  const CudaPlugin* plugin = load_plugin();
  if (plugin == nullptr) return std::nullopt;
  return plugin->usable_bytes(index);
}

void cap_cuda_memory(int index, double fraction) {
  const CudaPlugin* plugin = load_plugin();
  if (plugin != nullptr) plugin->cap_memory(index, fraction);
}

}  // namespace acestep::device
