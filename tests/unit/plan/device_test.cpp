#include <gmock/gmock.h>

#include "plan/vram_limit.h"
#include "planning.h"

namespace acestep::plan {
namespace {

using ::testing::HasSubstr;

std::string tier_of(const Device& device) {
  return std::string(make_plan(device, {}, {}, {}).tier.value->name);
}

TEST(Checklist, Row01_LimitsFollowTheMemory) {
  const Plan small = plan_at(6);
  const Plan large = plan_at(24.5);
  EXPECT_NE(small.tier.value->with_lm.seconds, large.tier.value->with_lm.seconds);
  EXPECT_NE(small.init_lm.value, large.init_lm.value);
  EXPECT_NE(small.offload_to_cpu.value, large.offload_to_cpu.value);
  EXPECT_NE(small.quantization.value, large.quantization.value);
  EXPECT_NE(small.lm_backend.value, large.lm_backend.value);
  EXPECT_NE(small.max_songs_together.value, large.max_songs_together.value);
}

TEST(Checklist, Row02_ARealCardIsTakenToItsNominalSize) {
  const Device device = choose_device("auto", machine_with({card_of(11.7)}), {});
  EXPECT_EQ(device.kind, DeviceKind::kCuda);
  EXPECT_EQ(device.tier_gib, 12);
  EXPECT_EQ(device.total_bytes, to_bytes(11.7));
  EXPECT_EQ(tier_of(device), "tier5");
  EXPECT_EQ(tier_of(choose_device("auto", machine_with({card_of(14.75)}), {})), "tier5");
}

TEST(Checklist, Row20_WithoutACardTheRamDecides) {
  const Plan plan = make_plan(choose_device("auto", machine_with(), {}), {}, {}, {});
  EXPECT_EQ(kind_name(plan.device.kind), "cpu");
  EXPECT_EQ(plan.tier.value->name, "unlimited");  // 64 GB of RAM
  EXPECT_FALSE(plan.offload_to_cpu.value);
  EXPECT_FALSE(plan.offload_dit_to_cpu.value);
  EXPECT_EQ(plan.lm_backend.value, "pt");
}

TEST(Checklist, Row20_TheReferenceCountsAProcessorAsTier1) {
  const Device cpu = choose_device("auto", machine_with(), {});
  const Plan plan = make_plan(cpu, {.follows_reference = true}, {}, {});
  EXPECT_EQ(plan.tier.value->name, "tier1");
  EXPECT_FALSE(plan.init_lm.value);
  EXPECT_EQ(plan.vae_chunk_frames.value, 256);
}

TEST(Checklist, Row20_FreeRamChangesNothing) {
  Machine busy = machine_with();
  busy.free_ram_bytes = to_bytes(1);
  EXPECT_EQ(tier_of(choose_device("cpu", busy, {})),
            tier_of(choose_device("cpu", machine_with(), {})));
}

TEST(Checklist, Row62_WhatIsNoSizeIsIgnoredWithAWarning) {
  for (const char* text : {"abc", "8GB", "", "7,5", "0", "-1", "nan", "inf", "1e400", "0x10"}) {
    EXPECT_FALSE(read_vram_limit(text)) << text;
    EXPECT_THAT(vram_limit_warning(text), HasSubstr("MAX_CUDA_VRAM"));
  }
  EXPECT_EQ(read_vram_limit(" 8 "), 8);
  EXPECT_EQ(read_vram_limit("+7.5"), 7.5);
  EXPECT_EQ(read_vram_limit("1e1"), 10);
}

TEST(Checklist, Row63To67_SimulatedSizes) {
  EXPECT_EQ(tier_of(simulated(4)), "tier1");
  EXPECT_EQ(tier_of(simulated(6)), "tier2");
  EXPECT_EQ(tier_of(simulated(8)), "tier4");
  EXPECT_EQ(tier_of(simulated(12)), "tier5");
  EXPECT_EQ(tier_of(simulated(16)), "tier6a");
}

TEST(Checklist, Row68_TheCapIsHalfAGigabyteBelow) {
  EXPECT_EQ(simulated(8).cap_bytes, to_bytes(7.5));
  EXPECT_EQ(simulated(0.3).cap_bytes, to_bytes(0.5));
  const Device real = choose_device("cuda", machine_with({card_of(24)}), {.max_gib = 8.0});
  EXPECT_EQ(real.cap_bytes, to_bytes(7.5));
  EXPECT_DOUBLE_EQ(real.cap_fraction.value(), 7.5 / 24);
  EXPECT_EQ(real.tier_gib, 8);
}

TEST(Checklist, Row69_NoCapAboveTheRealSize) {
  const Device real = choose_device("cuda", machine_with({card_of(6)}), {.max_gib = 48.0});
  EXPECT_EQ(tier_of(real), "unlimited");
  EXPECT_FALSE(real.cap_bytes);
  EXPECT_FALSE(real.cap_fraction);
}

TEST(Checklist, Row98_TheChosenCardDecides) {
  const Machine machine = machine_with({card_of(7.9), card_of(23.7)});
  EXPECT_EQ(tier_of(choose_device("auto", machine, {})), "tier4");
  EXPECT_EQ(tier_of(choose_device("cuda:1", machine, {})), "unlimited");
  const Simulation cards = {.cards_gib = {8, 24}};
  EXPECT_EQ(tier_of(choose_device("sim:1", machine_with(), cards)), "unlimited");
  EXPECT_EQ(tier_of(choose_device("cuda:1", machine_with(), cards)), "unlimited");
  EXPECT_EQ(tier_of(choose_device("auto", machine_with(), cards)), "tier4");
}

TEST(ChooseDevice, TheProcessorTakesTheTierWithoutACap) {
  const Device device = choose_device("cpu", machine_with(), {.max_gib = 8.0});
  EXPECT_EQ(device.kind, DeviceKind::kCpu);
  EXPECT_EQ(device.tier_gib, 8);
  EXPECT_FALSE(device.cap_bytes);
}

TEST(ChooseDevice, ASimulatedCardWithoutASizeHasTheRam) {
  const Device device = choose_device("sim", machine_with(), {});
  EXPECT_EQ(device.kind, DeviceKind::kSimulated);
  EXPECT_EQ(device.tier_gib, kRamGib);
  EXPECT_FALSE(device.cap_bytes);
}

TEST(ChooseDevice, TheScaleIsOfTheCapAlone) {
  const Device device = choose_device("sim", machine_with(), {.max_gib = 8.0, .cap_scale = 0.5});
  EXPECT_EQ(device.cap_bytes, to_bytes(3.75));
  EXPECT_EQ(device.tier_gib, 8);
}

TEST(ChooseDevice, WhatIsNotThereIsRefused) {
  EXPECT_THAT(refusal([] { choose_device("cuda", machine_with(), {}); }), HasSubstr("no driver"));
  EXPECT_THAT(refusal([] { choose_device("cuda:1", machine_with({card_of(8)}), {}); }),
              HasSubstr("1 card(s)"));
  EXPECT_THAT(refusal([] { choose_device("sim:1", machine_with(), {}); }), HasSubstr("1 card(s)"));
  EXPECT_THAT(refusal([] { choose_device("mps", machine_with(), {}); }), HasSubstr("'mps'"));
  EXPECT_THAT(refusal([] { choose_device("cuda:x", machine_with(), {}); }), HasSubstr("cuda:x"));
}

TEST(ParseCapability, ReadsBothKinds) {
  EXPECT_EQ(capability_text(parse_capability("6.1")), "6.1");
  EXPECT_EQ(capability_text(parse_capability("rocm:9.4")), "rocm:9.4");
  EXPECT_THAT(refusal([] { parse_capability("eight"); }), HasSubstr("'eight'"));
}

TEST(ParseSizes, NamesThePieceThatIsNone) {
  EXPECT_EQ(parse_sizes("8,24"), (std::vector<double>{8, 24}));
  EXPECT_THAT(refusal([] { parse_sizes("8,x"); }), HasSubstr("'x'"));
}

TEST(UsableBytes, HeldButUnusedMemoryCounts) {
  const MemoryCounters counters = {.driver_free = 100, .reserved = 50, .allocated = 20};
  EXPECT_EQ(usable_bytes(counters), 130u);
  EXPECT_EQ(usable_bytes(counters, 60), 40u);
  EXPECT_EQ(usable_bytes(counters, 10), 0u);
}

}  // namespace
}  // namespace acestep::plan
