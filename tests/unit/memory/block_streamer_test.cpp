#include "memory/block_streamer.h"

#include "blocks.h"

namespace acestep::memory {
namespace {

using testing::Blocks;
using testing::kBlockBytes;

std::vector<WeightHandles> handles_of(Blocks& model) {
  std::vector<WeightHandles> blocks(static_cast<std::size_t>(model.blocks()));
  for (std::size_t i = 0; i < blocks.size(); ++i) blocks[i].add(model.weights[i]);
  return blocks;
}

class BlockStreamerOf : public testing::SimulatedGpu, public ::testing::WithParamInterface<int> {};

TEST_P(BlockStreamerOf, GivesTheResultOfAResidentModelFromTwoSlots) {
  Blocks model = testing::make_blocks(GetParam());
  const at::Tensor x = testing::numbers({3, testing::kWidth});
  const at::Tensor expected = model.forward(x, nullptr);
  model.head = model.head.to(sim::device());
  const at::Tensor input = x.to(sim::device());
  const uint64_t before = sim::stats().live_bytes;
  sim::reset_peak();
  MoveLog log;
  {
    BlockStreamer streamer("model", handles_of(model), sim::device(), log);
    for (int pass = 0; pass < 3; ++pass) {
      EXPECT_TRUE(at::equal(model.forward(input, &streamer).cpu(), expected)) << pass;
    }
  }
  const uint64_t slots = 2 * kBlockBytes;
  const uint64_t activations = 3 * 4096;
  EXPECT_LE(sim::stats().peak_bytes - before, slots + activations);
  for (const at::Tensor& weight : model.weights) EXPECT_TRUE(weight.is_cpu());
  EXPECT_EQ(sim::stats().live_bytes, before);
}

INSTANTIATE_TEST_SUITE_P(Blocks, BlockStreamerOf, ::testing::Values(1, 2, 3, 4, 7));

using BlockStreamerTest = testing::SimulatedGpu;

TEST_F(BlockStreamerTest, CopiesEveryBlockOnceAPassAndTheNextOneAhead) {
  Blocks model = testing::make_blocks(5);
  MoveLog log;
  BlockStreamer streamer("model", handles_of(model), sim::device(), log);
  for (int64_t i = 0; i < 5; ++i) {
    streamer.enter(i);
    EXPECT_EQ(log.moves().at("model").blocks, i + 2);
    streamer.leave(i);
  }
}

TEST_F(BlockStreamerTest, ASlotHoldsTensorsOfAllKinds) {
  EXPECT_EQ(BlockStreamer::slot_bytes({at::zeros({3}, at::kChar), at::zeros({200}, at::kFloat)}),
            512 + 1024);
}

TEST_F(BlockStreamerTest, TwoSlotsThatDoNotFitAreRefused) {
  Blocks model = testing::make_blocks(3);
  MoveLog log;
  sim::set_cap(sim::stats().live_bytes + kBlockBytes);
  EXPECT_THROW(BlockStreamer("model", handles_of(model), sim::device(), log),
               c10::OutOfMemoryError);
}

}  // namespace
}  // namespace acestep::memory
