#include "lm/decoder.h"

#include <gmock/gmock.h>

namespace acestep::lm {
namespace {

using testing::ElementsAre;

TEST(PromptBatch, PadsOnTheLeft) {
  const PromptBatch batch = make_prompt_batch({{1, 2, 3}, {4}}, /*pad_id=*/0);
  EXPECT_THAT(batch.rows, ElementsAre(ElementsAre(1, 2, 3), ElementsAre(0, 0, 4)));
  EXPECT_THAT(batch.padding, ElementsAre(0, 2));
}

}  // namespace
}  // namespace acestep::lm
