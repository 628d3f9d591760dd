#include "pipeline/finished_song.h"

#include <nlohmann/json.hpp>

#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

using acestep::testing::message_of;
using nlohmann::json;
using ::testing::HasSubstr;

FoundRecord found(const json& request) {
  FoundRecord found;
  found.record = {{"request", request}};
  found.file = "song.json";
  return found;
}

std::string complaint(const json& request, ErrorCode code) {
  return message_of(code, [&] { review_request(found(request)); });
}

TEST(ReviewRequest, ReviewsOneSong) {
  EXPECT_EQ(review_request(found({{"caption", "x"}, {"batch_size", 4}}))["batch_size"], 1);
}

TEST(ReviewRequest, RefusesSongsMadeFromOtherSound) {
  for (const json& request : {json{{"task_type", "cover"}}, json{{"flow_edit_morph", true}}}) {
    EXPECT_THAT(complaint(request, ErrorCode::kUsage), HasSubstr("made from other audio"))
        << request;
  }
  FoundRecord with_reference = found(json::object());
  with_reference.record["source"] = {{"reference_sha256", "abc"}};
  EXPECT_THAT(message_of(ErrorCode::kUsage, [&] { review_request(with_reference); }),
              HasSubstr("made from other audio"));
}

TEST(ReviewRequest, RefusesDamage) {
  for (const json& request : {json{{"task_type", 5}}, json{{"flow_edit_morph", "yes"}}}) {
    EXPECT_THAT(complaint(request, ErrorCode::kInput), HasSubstr("the record is damaged"))
        << request;
  }
}

}  // namespace
}  // namespace acestep::pipeline
