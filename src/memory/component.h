// A model of a run: loaded when it is first leased, on the device while it is leased, and between
// leases wherever the plan keeps it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "memory/block_streamer.h"
#include "memory/move_log.h"
#include "memory/weight_handles.h"
#include "nn/weight_visitor.h"
#include "util/error.h"
#include "util/stopwatch.h"

namespace acestep::memory {

// Where a model is while nobody works with it.
enum class Idle {
  kOnDevice,
  kAtHome,    // in host memory, from where it comes back without reading files
  kUnloaded,  // nowhere: it is read again when it is needed again
};

struct ComponentOptions {
  std::string name;  // for messages: "text encoder"
  at::Device device = at::kCPU;
  Idle idle = Idle::kUnloaded;
  bool streams_blocks = false;  // the model has blocks and a place for two of them on the device
};

template <typename Model>
concept HasBlocks = requires(Model& model, const nn::WeightVisitor& visit) {
  model.visit_block(int64_t{0}, visit);
  model.visit_outside_blocks(visit);
};

template <typename Model>
class Component;

// The right to work with a model. It stays on the device until the last lease ends.
template <typename Model>
class Lease {
 public:
  explicit Lease(Component<Model>& component) : component_(&component) {}
  Lease(Lease&& other) noexcept : component_(std::exchange(other.component_, nullptr)) {}
  Lease& operator=(Lease&&) = delete;
  ~Lease() {
    if (component_ != nullptr) component_->end_lease();
  }

  const Model& operator*() const { return component_->model(); }
  const Model* operator->() const { return &component_->model(); }
  // What the model's blocks must be run through; null where all of them are on the device.
  nn::BlockGate* gate() const { return component_->gate(); }

 private:
  Component<Model>* component_;
};

// Not thread-safe.
template <typename Model>
class Component {
 public:
  // Builds the model; its tensors are put on `home`, in the forms that options.device computes
  // with.
  using Load = std::function<std::unique_ptr<Model>(at::Device home)>;

  // log and load_seconds, to which times of loading are added, must outlive the component.
  Component(ComponentOptions options, Load load, MoveLog& log, double& load_seconds)
      : options_(std::move(options)),
        load_(std::move(load)),
        log_(log),
        load_seconds_(load_seconds) {}
  ~Component() { streamer_.reset(); }  // before the model that it refers to
  Component(const Component&) = delete;
  Component& operator=(const Component&) = delete;

  // Throws what loading throws, and c10::OutOfMemoryError; the component is then as it was.
  Lease<Model> lease() {
    if (leases_ == 0) bring();
    ++leases_;
    return Lease<Model>(*this);
  }

  // From now on the model leaves the device when it is idle, and so it does if it is idle now. Says
  // whether it would have stayed.
  bool leave_when_idle(Idle away) {
    if (options_.idle != Idle::kOnDevice || options_.device.is_cpu()) return false;
    options_.idle = away;
    if (leases_ == 0 && is_on_device_) leave(away);
    return true;
  }
  // From the next lease on.
  void work_on(at::Device device) {
    unload();
    options_.device = device;
  }
  // From the next lease on. Needs a model that has blocks.
  void stream_blocks() {
    unload();
    options_.streams_blocks = true;
  }
  // Gives up the model, on the device and at home.
  void unload() {
    ACE_CHECK(leases_ == 0);
    if (is_on_device_) leave(Idle::kUnloaded);
    streamer_.reset();
    handles_ = {};
    model_.reset();
  }

  const ComponentOptions& options() const { return options_; }

 private:
  friend class Lease<Model>;

  const Model& model() const { return *model_; }
  nn::BlockGate* gate() { return streamer_ ? &*streamer_ : nullptr; }

  // Weights have a home where they come back from there, or visit the device block by block.
  bool needs_home() const {
    const bool is_host = options_.device.is_cpu();
    return !is_host && (options_.idle == Idle::kAtHome || options_.streams_blocks);
  }

  void bring() {
    const bool is_in_place = is_on_device_ || options_.device.is_cpu();
    if (model_ && is_in_place) return;
    const Timer timer(load_seconds_);
    if (!model_) load();
    if (is_on_device_ || options_.device.is_cpu()) return;
    handles_.go_to(options_.device);
    is_on_device_ = true;
    log_.to_device(options_.name, handles_.bytes());
    if (!options_.streams_blocks) return;
    try {
      start_streaming();
    } catch (const c10::OutOfMemoryError&) {
      leave(Idle::kAtHome);
      throw;
    }
  }

  void load() {
    has_home_ = needs_home();
    model_ = load_(has_home_ ? at::Device(at::kCPU) : options_.device);
    log_.loaded(options_.name);
    handles_ = {};
    const auto add = [this](at::Tensor& weight) { handles_.add(weight); };
    if constexpr (HasBlocks<Model>) {
      if (options_.streams_blocks) {
        model_->visit_outside_blocks(add);
        return;
      }
    }
    model_->visit_weights(add);
    if (has_home_ || options_.device.is_cpu()) return;
    // It was built there and has no home to come back from.
    is_on_device_ = true;
    log_.to_device(options_.name, handles_.bytes());
    handles_ = {};
  }

  void start_streaming() {
    if constexpr (HasBlocks<Model>) {
      std::vector<WeightHandles> blocks(static_cast<std::size_t>(model_->blocks()));
      for (std::size_t i = 0; i < blocks.size(); ++i) {
        model_->visit_block(static_cast<int64_t>(i),
                            [&](at::Tensor& weight) { blocks[i].add(weight); });
      }
      streamer_.emplace(options_.name, std::move(blocks), options_.device, log_);
    }
  }

  void end_lease() {
    if (--leases_ > 0) return;
    leave(options_.idle);
  }

  void leave(Idle idle) {
    if (idle == Idle::kOnDevice) return;
    if (is_on_device_) log_.to_host(options_.name);
    is_on_device_ = false;
    streamer_.reset();
    if (has_home_) handles_.come_home();
    if (idle == Idle::kAtHome && has_home_) return;
    handles_ = {};
    model_.reset();
  }

  class Timer {
   public:
    explicit Timer(double& seconds) : seconds_(seconds) {}
    ~Timer() { seconds_ += watch_.seconds(); }
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;

   private:
    double& seconds_;
    util::Stopwatch watch_;
  };

  ComponentOptions options_;
  Load load_;
  MoveLog& log_;
  double& load_seconds_;
  std::unique_ptr<Model> model_;
  WeightHandles handles_;
  std::optional<BlockStreamer> streamer_;
  bool has_home_ = false;
  bool is_on_device_ = false;
  int leases_ = 0;
};

}  // namespace acestep::memory
