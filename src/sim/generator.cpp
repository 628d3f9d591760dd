#include "sim/generator.h"

#include <ATen/CPUGeneratorImpl.h>

#include "sim/simulated_gpu.h"

namespace acestep::sim {
namespace {

class Generator final : public c10::GeneratorImpl {
 public:
  explicit Generator(at::Generator host)
      : c10::GeneratorImpl(sim::device(), c10::DispatchKeySet(c10::DispatchKey::PrivateUse1)),
        host_(std::move(host)) {}

  const at::Generator& host() const { return host_; }

  void set_current_seed(uint64_t seed) override { host_.set_current_seed(seed); }
  void set_offset(uint64_t offset) override { host_.set_offset(offset); }
  uint64_t get_offset() const override { return host_.get_offset(); }
  uint64_t current_seed() const override { return host_.current_seed(); }
  uint64_t seed() override { return host_.seed(); }
  void set_state(const c10::TensorImpl& state) override {
    host_.unsafeGetGeneratorImpl()->set_state(state);
  }
  c10::intrusive_ptr<c10::TensorImpl> get_state() const override {
    return host_.unsafeGetGeneratorImpl()->get_state();
  }

 private:
  c10::GeneratorImpl* clone_impl() const override { return new Generator(host_.clone()); }

  at::Generator host_;
};

}  // namespace

at::Generator make_generator() {
  return at::make_generator<Generator>(at::make_generator<at::CPUGeneratorImpl>());
}

const at::Generator& default_generator() {
  static const auto* const generator = new at::Generator(make_generator());
  return *generator;
}

at::Generator host_generator(const at::Generator& generator) {
  TORCH_CHECK(is_simulated(generator.device()), "Expected a 'sim' device type for generator but ",
              "found '", generator.device().type(), "'");
  return static_cast<const Generator*>(generator.unsafeGetGeneratorImpl())->host();
}

}  // namespace acestep::sim
