#include <gmock/gmock.h>

#include "unit/request/reading.h"

// What a flow edit needs and what it cannot have.
namespace acestep::request {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

testing::Checked check(const json& changes) {
  json request = {{"caption", "slow piano"},
                  {"task_type", "cover"},
                  {"src_audio", "in.wav"},
                  {"flow_edit_morph", true},
                  {"flow_edit_source_caption", "dull organ"}};
  request.update(changes);
  return testing::check_all({request.dump()}, ModelFamily::kTurbo);
}

TEST(FlowEdit, WorksWithACover) {
  const auto checked = check(json::object());
  EXPECT_EQ(checked.problems(), "");
  EXPECT_THAT(checked.findings.adjustments, IsEmpty());
  EXPECT_FALSE(checked.settings().dcw_enabled);  // nobody asked for it
}

TEST(FlowEdit, WorksWithText2music) {
  const auto checked = check({{"task_type", "text2music"}});
  EXPECT_EQ(checked.problems(), "");
  EXPECT_FALSE(checked.settings().wants_language_model());
}

TEST(FlowEdit, NeedsASource) {
  EXPECT_THAT(check({{"task_type", "text2music"}, {"src_audio", ""}}).problems(),
              HasSubstr("needs src_audio"));
}

TEST(FlowEdit, RefusesOtherTasks) {
  EXPECT_THAT(check({{"task_type", "repaint"}}).problems(),
              HasSubstr("text2music, cover and cover-nofsq"));
}

TEST(FlowEdit, ItsWindowIsNotEmpty) {
  EXPECT_THAT(check({{"flow_edit_n_min", 0.5}, {"flow_edit_n_max", 0.5}}).problems(),
              HasSubstr("must be below flow_edit_n_max"));
}

TEST(FlowEdit, TurnsOffWhatItCannotFollow) {
  const auto checked = check({{"sampler_mode", "heun"}, {"dcw_enabled", true}});
  ASSERT_EQ(checked.findings.adjustments.size(), 2u);
  EXPECT_EQ(checked.findings.adjustments[0].field, "sampler_mode");
  EXPECT_EQ(checked.findings.adjustments[1].field, "dcw_enabled");
  EXPECT_EQ(checked.settings().sampler_mode, "euler");
}

TEST(FlowEdit, AsksWhatTheSourceSoundsLike) {
  EXPECT_THAT(check({{"flow_edit_source_caption", ""}}).findings.warnings,
              ::testing::Contains(HasSubstr("say what the source sounds like")));
}

}  // namespace
}  // namespace acestep::request
