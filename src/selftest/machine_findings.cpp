#include "selftest/machine_findings.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <openssl/crypto.h>
#include <sched.h>
#include <unicode/uversion.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <limits>
#include <sstream>

#include "audio/writer.h"
#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::selftest {
namespace fs = std::filesystem;
namespace {

using hub::size_text;

constexpr uint64_t kGigabyte = 1'000'000'000;

Finding ok(std::string subject, std::string fact) {
  return {Level::kOk, std::move(subject), std::move(fact)};
}

Finding warning(std::string subject, std::string fact, std::string cure) {
  return {Level::kWarning, std::move(subject), std::move(fact), std::move(cure)};
}

Finding problem(std::string subject, std::string fact, std::string cure, ErrorCode code) {
  return {Level::kProblem, std::move(subject), std::move(fact), std::move(cure),
          static_cast<int>(code)};
}

// "" when it cannot be read.
std::string first_line_of(const fs::path& file) {
  std::ifstream in(file);
  std::string line;
  std::getline(in, line);
  return line;
}

bool has_driver() { return !first_line_of("/proc/driver/nvidia/version").empty(); }

bool has_flag(const std::string& flags, const std::string& wanted) {
  std::istringstream words(flags);
  for (std::string word; words >> word;) {
    if (word == wanted) return true;
  }
  return false;
}

// Processors this process may run on: a container or taskset may leave it fewer than there are.
int usable_processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof(set), &set) != 0) return 1;
  return CPU_COUNT(&set);
}

fs::path nearest_existing(fs::path folder) {
  std::error_code error;
  folder = fs::absolute(folder, error).lexically_normal();
  while (!fs::exists(folder, error) && folder.has_parent_path() && folder != folder.root_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

Finding examine_card(const device::CudaCard& card) {
  char facts[64];
  std::snprintf(facts, sizeof(facts), ", compute capability %d.%d", card.compute_major,
                card.compute_minor);
  const std::string fact = card.name + facts + ", " + size_text(card.total_bytes) + ", " +
                           size_text(card.free_bytes) + " free";
  if (card.free_bytes * 2 >= card.total_bytes) return ok("graphics card", fact);
  return warning("graphics card", fact, "another program holds more than half of its memory");
}

// N of "cuda:N"; the first card otherwise.
int card_index(const std::string& device) {
  constexpr std::string_view kPrefix = "cuda:";
  int index = 0;
  if (device.starts_with(kPrefix)) {
    std::from_chars(device.data() + kPrefix.size(), device.data() + device.size(), index);
  }
  return index;
}

std::string versions() {
  UVersionInfo version{};
  u_getVersion(version);
  char icu[U_MAX_VERSION_STRING_LENGTH] = {};
  u_versionToString(version, icu);
  return audio::encoder_name() + ", " + OpenSSL_version(OPENSSL_VERSION) + ", ICU " + icu;
}

}  // namespace

Finding examine_gpu(const device::CudaBackend& cuda, const std::string& device) {
  const bool is_wanted = device.starts_with("cuda");
  if (cuda.is_loaded) {
    if (const auto card = device::cuda_card(card_index(device))) return examine_card(*card);
    if (is_wanted && device::cuda_card(0)) {
      return problem("graphics card", "--device " + device + " is not there",
                     "use a smaller number", ErrorCode::kUsage);
    }
    return warning(
        "graphics card", "CUDA works, but " + std::string("libacestep_cuda.so is missing"),
        "build with the CUDA headers (tools/setup --gpu) to see and use its memory well");
  }
  if (is_wanted) {
    return problem("graphics card", "--device " + device + " cannot be used: " + cuda.why_not,
                   "use --device cpu or auto, or install the driver", ErrorCode::kUsage);
  }
  if (device == "cpu") return ok("graphics card", "not asked for");
  if (has_driver()) {
    return warning("graphics card", "there is a driver, but CUDA is not used: " + cuda.why_not,
                   "run tools/setup --gpu, or update the driver");
  }
  return ok("graphics card", "none, songs are computed on the processor (" + cuda.why_not + ")");
}

Processor this_processor() {
  Processor processor{.name = "unknown", .flags = "", .threads = usable_processors()};
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line) && processor.flags.empty();) {
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    if (line.starts_with("model name")) processor.name = line.substr(colon + 2);
    if (line.starts_with("flags")) processor.flags = line.substr(colon + 2);
  }
  return processor;
}

Finding examine_processor(const Processor& processor) {
  std::string fact = processor.name + ", " + std::to_string(processor.threads) + " threads";
  for (const char* flag : {"avx2", "avx512f", "avx512_bf16", "amx_bf16"}) {
    if (has_flag(processor.flags, flag)) fact += std::string(", ") + flag;
  }
  if (!has_flag(processor.flags, "avx2")) {
    return warning("processor", fact + ", without AVX2",
                   "songs take many times longer; use another machine or a graphics card");
  }
  const bool has_bfloat16 =
      has_flag(processor.flags, "avx512_bf16") || has_flag(processor.flags, "amx_bf16");
  return ok("processor", fact + (has_bfloat16 ? ": computes in bf16" : ": computes in fp32"));
}

Finding examine_memory(const util::MachineMemory& memory, uint64_t largest_model) {
  const std::string fact = size_text(memory.total) + ", " + size_text(memory.available) + " free";
  if (largest_model > memory.total) {
    return problem("memory", fact + "; the largest model alone has " + size_text(largest_model),
                   "choose a smaller model, or a machine with more memory", ErrorCode::kMemory);
  }
  // Activations and the song itself come on top.
  const uint64_t wanted = largest_model + 2 * kGigabyte;
  if (memory.available < wanted) {
    return warning("memory", fact + "; about " + size_text(wanted) + " are needed",
                   "close other programs, or choose smaller models");
  }
  return ok("memory", fact);
}

std::vector<Finding> examine_libraries() {
  std::vector<Finding> findings = {
      ok("libtorch", std::string(ACESTEP_LIBTORCH_VERSION) + ", kernels for " +
                         at::get_cpu_capability() + ", " + std::to_string(at::get_num_threads()) +
                         " threads"),
      ok("libraries", versions())};
  std::string missing;
  for (const auto format :
       {audio::FileFormat::kMp3, audio::FileFormat::kOggOpus, audio::FileFormat::kOggVorbis}) {
    if (audio::can_write(format)) continue;
    missing += (missing.empty() ? "" : ", ") + std::string(audio::file_extension(format));
  }
  if (!missing.empty()) {
    findings.push_back(warning("audio formats", "this libsndfile cannot write " + missing,
                               "use flac or wav, or install libsndfile 1.1 or later"));
  }
  return findings;
}

Finding examine_output(const std::string& subject, const fs::path& folder) {
  const fs::path place = nearest_existing(folder);
  std::error_code error;
  const std::string name =
      folder.string() + (place == fs::absolute(folder, error).lexically_normal()
                             ? ""
                             : " (to be made in " + place.string() + ")");
  if (!fs::is_directory(place, error)) {
    return problem(subject, name + ": " + place.string() + " is no folder",
                   "choose another with --save_dir", ErrorCode::kOutput);
  }
  if (::access(place.c_str(), W_OK | X_OK) != 0) {
    return problem(subject, name + " cannot be written to",
                   "choose another with --save_dir, or change its permissions", ErrorCode::kOutput);
  }
  const fs::space_info space = fs::space(place, error);
  if (error) return warning(subject, name + ": its free space is unknown", "look at the disk");
  const std::string fact = name + ", " + size_text(space.available) + " free";
  constexpr uint64_t kLongSong = 250'000'000;  // ten minutes as 32-bit WAV
  if (space.available < kLongSong) return warning(subject, fact, "make room: a song may not fit");
  return ok(subject, fact);
}

Finding examine_checkpoint_disk(const fs::path& folder, Models models) {
  // acestep-v15-turbo, acestep-5Hz-lm-1.7B, the text encoder and the VAE, as published.
  constexpr uint64_t kUsualModels = 10 * kGigabyte;
  std::error_code error;
  const fs::space_info space = fs::space(nearest_existing(folder), error);
  if (error) {
    return warning("model folder", folder.string() + ": its free space is unknown",
                   "look at the disk");
  }
  const std::string fact = folder.string() + ", " + size_text(space.available) + " free";
  if (models == Models::kMissing && space.available < kUsualModels) {
    return warning("model folder", fact + "; the usual models have " + size_text(kUsualModels),
                   "make room, or choose another disk with --checkpoint_dir");
  }
  return ok("model folder", fact);
}

Finding examine_terminal(std::string_view charset, bool is_terminal) {
  const std::string fact = "locale " + std::string(charset) +
                           (is_terminal ? ", a terminal" : ", no terminal: no colours or bars");
  if (charset == "UTF-8") return ok("terminal", fact);
  return warning("terminal", fact,
                 "captions and lyrics must be UTF-8: use a UTF-8 locale such as C.UTF-8, or files");
}

}  // namespace acestep::selftest
