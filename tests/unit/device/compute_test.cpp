#include "device/compute.h"

#include <gmock/gmock.h>

#include "unit/util/temp_folder.h"

namespace acestep::device {
namespace {

using acestep::testing::message_of;
using ::testing::HasSubstr;

ComputeDevice processor(bool has_fast_bfloat16) {
  return {at::kCPU, "a processor", std::nullopt, has_fast_bfloat16};
}

ComputeDevice card(std::optional<double> compute) {
  ComputeDevice device{at::Device(at::kCUDA, 0), "a card", compute, false};
  device.has_fast_bfloat16 = compute && *compute >= 8.0;
  return device;
}

void expect_precision(const Precision& precision, at::ScalarType weights,
                      at::ScalarType activations, bool retries) {
  EXPECT_EQ(precision.weights, weights);
  EXPECT_EQ(precision.activations, activations);
  EXPECT_EQ(precision.retries_in_float32, retries);
}

TEST(ParseDtype, KnowsFourWordsAndRefusesOthers) {
  EXPECT_EQ(parse_dtype("auto"), DtypeChoice::kAuto);
  EXPECT_EQ(parse_dtype("fp32"), DtypeChoice::kFloat32);
  EXPECT_EQ(parse_dtype("bf16"), DtypeChoice::kBFloat16);
  EXPECT_EQ(parse_dtype("fp16"), DtypeChoice::kFloat16);
  for (const char* word : {"", "float32", "FP32", "int8"}) {
    const std::string message = message_of(ErrorCode::kUsage, [&] { parse_dtype(word); });
    EXPECT_THAT(message, HasSubstr(std::string("--dtype '") + word + "'"));
  }
}

TEST(ChoosePrecision, AutoTakesBFloat16WhereItIsFast) {
  expect_precision(choose_precision(DtypeChoice::kAuto, processor(true)), at::kBFloat16,
                   at::kBFloat16, false);
  expect_precision(choose_precision(DtypeChoice::kAuto, card(8.0)), at::kBFloat16, at::kBFloat16,
                   false);
}

TEST(ChoosePrecision, AutoTakesFloat32OnOtherProcessors) {
  expect_precision(choose_precision(DtypeChoice::kAuto, processor(false)), at::kFloat, at::kFloat,
                   false);
}

TEST(ChoosePrecision, AutoTakesFloat16WeightsOnOlderCardsAndOnesThatDoNotSay) {
  expect_precision(choose_precision(DtypeChoice::kAuto, card(7.5)), at::kHalf, at::kFloat, true);
  expect_precision(choose_precision(DtypeChoice::kAuto, card(std::nullopt)), at::kHalf, at::kFloat,
                   true);
}

TEST(ChoosePrecision, WhatIsAskedForIsTakenEverywhere) {
  for (const ComputeDevice& device : {processor(true), processor(false), card(7.5), card(9.0)}) {
    expect_precision(choose_precision(DtypeChoice::kFloat32, device), at::kFloat, at::kFloat,
                     false);
    expect_precision(choose_precision(DtypeChoice::kBFloat16, device), at::kBFloat16, at::kBFloat16,
                     false);
    expect_precision(choose_precision(DtypeChoice::kFloat16, device), at::kHalf, at::kFloat, true);
  }
}

TEST(ChooseDevice, TheProcessorIsAlwaysThere) {
  for (const char* word : {"cpu", "auto"}) {
    const ComputeDevice device = choose_device(word, /*cuda_is_loaded=*/false, "no driver");
    EXPECT_TRUE(device.device.is_cpu());
    EXPECT_FALSE(device.name.empty());
    EXPECT_EQ(device.compute, std::nullopt);
  }
}

TEST(ChooseDevice, TheSimulatedGpuHasTheProcessorsPrecision) {
  const ComputeDevice device = choose_device("sim", /*cuda_is_loaded=*/false, "no driver");
  const ComputeDevice cpu = choose_device("cpu", /*cuda_is_loaded=*/false, "no driver");
  EXPECT_EQ(device.name, "simulated GPU");
  EXPECT_EQ(device.device.str(), "sim:0");
  EXPECT_EQ(choose_device("sim:1", false, "no driver").device, device.device);
  EXPECT_EQ(device.has_fast_bfloat16, cpu.has_fast_bfloat16);
  EXPECT_EQ(choose_precision(DtypeChoice::kAuto, device).weights,
            choose_precision(DtypeChoice::kAuto, cpu).weights);
}

TEST(ComputedByHost, AreTheProcessorAndTheSimulatedGpu) {
  EXPECT_TRUE(is_computed_by_host(at::kCPU));
  EXPECT_TRUE(is_computed_by_host(choose_device("sim", false, "no driver").device));
  EXPECT_FALSE(is_computed_by_host(at::kCUDA));
}

TEST(ChooseDevice, AMissingCardSaysWhy) {
  for (const char* word : {"cuda", "cuda:0", "cuda:3"}) {
    const std::string message =
        message_of(ErrorCode::kUsage, [&] { choose_device(word, false, "no NVIDIA driver"); });
    EXPECT_THAT(message, HasSubstr(word));
    EXPECT_THAT(message, HasSubstr("no NVIDIA driver"));
  }
}

TEST(ChooseDevice, RefusesWhatIsNoDevice) {
  for (const char* word : {"", "gpu", "simulated", "cuda:", "cuda:x", "sim:", "sim:x", "cpu:0",
                           "cuda:-1", "cuda:1x", "cuda:99999999999"}) {
    const std::string message =
        message_of(ErrorCode::kUsage, [&] { choose_device(word, false, "no driver"); });
    EXPECT_THAT(message, HasSubstr(std::string("--device '") + word + "' is not a device"));
  }
}

TEST(DtypeName, IsTheOptionsWord) {
  EXPECT_EQ(dtype_name(at::kFloat), "fp32");
  EXPECT_EQ(dtype_name(at::kBFloat16), "bf16");
  EXPECT_EQ(dtype_name(at::kHalf), "fp16");
}

}  // namespace
}  // namespace acestep::device
