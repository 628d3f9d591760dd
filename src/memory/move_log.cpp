#include "memory/move_log.h"

#include <spdlog/spdlog.h>

namespace acestep::memory {
namespace {

constexpr double kBytesPerMib = 1024.0 * 1024.0;

}  // namespace

void MoveLog::loaded(const std::string& component) {
  ++moves_[component].loads;
  spdlog::debug("memory: {} loaded", component);
}

void MoveLog::to_device(const std::string& component, uint64_t bytes) {
  Moves& moves = moves_[component];
  ++moves.to_device;
  moves.bytes += bytes;
  spdlog::debug("memory: {} to the device, {:.1f} MB", component,
                static_cast<double>(bytes) / kBytesPerMib);
}

void MoveLog::to_host(const std::string& component) {
  ++moves_[component].to_host;
  spdlog::debug("memory: {} left the device", component);
}

void MoveLog::block(const std::string& component, uint64_t bytes) {
  Moves& moves = moves_[component];
  ++moves.blocks;
  moves.bytes += bytes;
}

}  // namespace acestep::memory
