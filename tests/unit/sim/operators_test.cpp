#include "sim/operators.h"

#include <ATen/CPUGeneratorImpl.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

#include <functional>

#include "unit/sim/on_both.h"

namespace acestep::sim {
namespace {

using at::Tensor;
using testing::expect_same;
using testing::numbers;
using testing::on_device;

class Operators : public testing::SimulatedGpu {};

class InBothTypes : public Operators, public ::testing::WithParamInterface<at::ScalarType> {
 protected:
  Tensor made(at::IntArrayRef shape) const { return numbers(shape, GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(Types, InBothTypes, ::testing::Values(at::kFloat, at::kBFloat16),
                         [](const auto& instance) { return c10::toString(instance.param); });

TEST_P(InBothTypes, LinearEqualsTheCpu) {
  const Tensor x = made({2, 30, 64});
  const Tensor weight = made({48, 64});
  const Tensor bias = made({48});
  expect_same(at::linear(on_device(x), on_device(weight), on_device(bias)),
              at::linear(x, weight, bias));
  expect_same(at::linear(on_device(x), on_device(weight)), at::linear(x, weight));
  expect_same(at::matmul(on_device(x), on_device(weight).t()), at::matmul(x, weight.t()));
}

TEST_P(InBothTypes, AttentionEqualsTheCpu) {
  const Tensor queries = made({2, 8, 40, 16});
  const Tensor keys = made({2, 2, 40, 16});
  const Tensor values = made({2, 2, 40, 16});
  const Tensor mask = at::ones({40, 40}, at::kBool).tril();
  const auto attend = [](const Tensor& q, const Tensor& k, const Tensor& v,
                         const std::optional<Tensor>& bias) {
    return at::scaled_dot_product_attention(q, k, v, bias, 0.0, false, std::nullopt, true);
  };
  expect_same(attend(on_device(queries), on_device(keys), on_device(values), std::nullopt),
              attend(queries, keys, values, std::nullopt));
  expect_same(attend(on_device(queries), on_device(keys), on_device(values), on_device(mask)),
              attend(queries, keys, values, mask));
}

TEST_P(InBothTypes, ConvolutionsEqualTheCpu) {
  const Tensor x = made({1, 16, 100});
  const Tensor weight = made({32, 16, 7});
  const Tensor bias = made({32});
  const Tensor back = made({32, 16, 8});
  const auto run = [](const Tensor& in, const Tensor& w, const Tensor& b, const Tensor& t) {
    const Tensor y = at::conv1d(in, w, b, 1, 3);
    return at::conv_transpose1d(y + y.sin().square(), t, {}, 4, 2);
  };
  expect_same(run(on_device(x), on_device(weight), on_device(bias), on_device(back)),
              run(x, weight, bias, back));
}

TEST_P(InBothTypes, NormsEqualTheCpu) {
  const Tensor x = made({2, 30, 64});
  const Tensor weight = made({64});
  expect_same(at::rms_norm(on_device(x), {64}, on_device(weight), 1e-6),
              at::rms_norm(x, {64}, weight, 1e-6));
  expect_same(at::layer_norm(on_device(x), {64}, on_device(weight)),
              at::layer_norm(x, {64}, weight));
  expect_same(at::group_norm(on_device(x), 6), at::group_norm(x, 6));
}

TEST_P(InBothTypes, SoftmaxAndReductionsEqualTheCpu) {
  const Tensor x = made({5, 1000});
  expect_same(on_device(x).softmax(-1), x.softmax(-1));
  expect_same(on_device(x).mean({-1}, true), x.mean({-1}, true));
  expect_same(std::get<1>(on_device(x).topk(7)), std::get<1>(x.topk(7)));
  expect_same(on_device(x).argmax(-1), x.argmax(-1));
}

TEST_F(Operators, Int8ProductsEqualTheCpu) {
  const Tensor x = numbers({3, 64}, at::kBFloat16);
  const Tensor weight = at::randint(-127, 127, {32, 64}, at::kChar);
  const Tensor scales = numbers({32}, at::kBFloat16);
  expect_same(at::_weight_int8pack_mm(on_device(x), on_device(weight), on_device(scales)),
              at::_weight_int8pack_mm(x, weight, scales));
}

TEST_F(Operators, IndexingEqualsTheCpu) {
  const Tensor x = numbers({6, 5});
  const Tensor rows = at::tensor({4, 0, 4});
  expect_same(on_device(x).index_select(0, on_device(rows)), x.index_select(0, rows));
  expect_same(at::embedding(on_device(x), on_device(rows)), at::embedding(x, rows));
  expect_same(on_device(x).masked_select(on_device(x).gt(0)), x.masked_select(x.gt(0)));
}

TEST_F(Operators, InPlaceChangesTheTensorAndItsViews) {
  const Tensor x = on_device(at::zeros({3, 4}));
  const Tensor row = x.select(0, 1);
  EXPECT_TRUE(row.add_(5).is_same(row));
  x.mul_(2);
  expect_same(row, at::full({4}, 10.0));
  EXPECT_EQ(x.sum().item<float>(), 40.0);
}

TEST_F(Operators, OutTakesTheResult) {
  const Tensor x = numbers({3, 4});
  Tensor out = at::empty({3, 4}, at::TensorOptions(device()));
  const Tensor view = out.view({12});
  EXPECT_TRUE(at::mul_out(out, on_device(x), on_device(x)).is_same(out));
  expect_same(view, (x * x).view({12}));
  expect_same(out, x * x);
}

TEST_F(Operators, OutGrowsToTheResult) {
  const Tensor x = numbers({3, 4});
  Tensor out = at::empty({0}, at::TensorOptions(device()));
  at::add_out(out, on_device(x), on_device(x));
  expect_same(out, x + x);
}

TEST_F(Operators, ViewsShareMemory) {
  const Tensor x = on_device(at::arange(24, at::kFloat));
  const Tensor view = x.view({2, 3, 4}).transpose(1, 2).slice(2, 1, 3).unfold(1, 2, 1);
  EXPECT_TRUE(view.storage().is_alias_of(x.storage()));
  const std::vector<Tensor> parts = x.split(12);
  parts[1].zero_();
  EXPECT_EQ(x.sum().item<float>(), 66.0);
  EXPECT_TRUE(x.expand({5, 24}).storage().is_alias_of(x.storage()));
  expect_same(at::view_as_real(at::polar(x, x)).select(-1, 0),
              at::view_as_real(at::polar(x.cpu(), x.cpu())).select(-1, 0));
}

TEST_F(Operators, ResizeKeepsTheNumbers) {
  const Tensor x = on_device(at::arange(6, at::kFloat));
  x.resize_({100, 2});
  EXPECT_EQ(x.numel(), 200);
  expect_same(x.narrow(0, 0, 3).flatten(), at::arange(6, at::kFloat));
}

TEST_F(Operators, TransposeInPlaceChangesTheLayout) {
  const Tensor x = on_device(at::arange(6, at::kFloat).view({2, 3}));
  x.t_();
  expect_same(x, at::arange(6, at::kFloat).view({2, 3}).t());
}

TEST_F(Operators, SeededNumbersAreTheCpus) {
  at::Generator here =
      at::globalContext().getAcceleratorHooksInterface(kDeviceType).getNewGenerator(0);
  here.set_current_seed(42);
  const at::Generator host = at::make_generator<at::CPUGeneratorImpl>(42);
  const at::TensorOptions options(device());
  expect_same(at::randn({1000}, here, options), at::randn({1000}, host));
  const Tensor chances = at::full({8}, 0.125);
  expect_same(at::multinomial(on_device(chances), 3, false, here),
              at::multinomial(chances, 3, false, host));
  expect_same(at::rand({10}, here.clone(), options), at::rand({10}, host));
}

TEST_F(Operators, ItemReadsTheNumber) {
  EXPECT_EQ(on_device(at::scalar_tensor(3.5)).item<double>(), 3.5);
}

TEST_F(Operators, PrefetchingOnAnotherStreamIsACopy) {
  const Tensor host = numbers({64}).pin_memory();
  const Tensor slot = at::empty({64}, at::TensorOptions(device()));
  const c10::impl::VirtualGuardImpl guard(kDeviceType);
  c10::Event copied(kDeviceType);
  {
    const c10::StreamGuard on_stream(guard.getStreamFromGlobalPool(device()));
    slot.copy_(host, /*non_blocking=*/true);
    slot.record_stream(on_stream.current_stream());
    copied.record(on_stream.current_stream());
  }
  copied.block(guard.getStream(device()));
  EXPECT_TRUE(copied.query());
  expect_same(slot, host);
}

TEST_F(Operators, TypesAndDevicesChangeAtOnce) {
  const Tensor x = numbers({10});
  expect_same(x.to(device(), at::kBFloat16), x.to(at::kBFloat16));
  EXPECT_TRUE(on_device(x).to(at::kCPU, at::kHalf).device().is_cpu());
}

}  // namespace
}  // namespace acestep::sim
