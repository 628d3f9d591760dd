#include "batch/request_list.h"

#include "unit/util/temp_folder.h"

namespace acestep::batch {
namespace {

using acestep::testing::message_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

class RequestListTest : public acestep::testing::TempFolder {
 protected:
  std::vector<ListedRequest> read(const std::vector<std::string>& names) {
    std::vector<std::string> files;
    for (const std::string& name : names) files.push_back((folder_ / name).string());
    RequestList list(files);
    std::vector<ListedRequest> requests;
    while (auto request = list.next()) requests.push_back(std::move(*request));
    return requests;
  }
  // "caption" of each, or its problem.
  std::vector<std::string> captions(const std::vector<std::string>& names) {
    std::vector<std::string> words;
    for (const ListedRequest& request : read(names)) {
      words.push_back(request.document ? request.document->entries.at(0).value.get<std::string>()
                                       : "?");
    }
    return words;
  }
};

TEST_F(RequestListTest, ReadsLines) {
  write("a.jsonl", "{\"caption\": \"one\"}\r\n\n  \n{\"caption\": \"two\"}");
  EXPECT_THAT(captions({"a.jsonl"}), ElementsAre("one", "two"));
  EXPECT_THAT(read({"a.jsonl"}).at(1).place, HasSubstr("a.jsonl line 4"));
}

TEST_F(RequestListTest, ReadsFilesOfAllKindsInOrder) {
  write("a.json", R"({"caption": "one"})");
  write("b.json", R"([{"caption": "two"}, {"caption": "three"}])");
  write("c.toml", "caption = \"four\"\n");
  write("d.ndjson", R"({"caption": "five"})");
  EXPECT_THAT(captions({"a.json", "b.json", "c.toml", "d.ndjson"}),
              ElementsAre("one", "two", "three", "four", "five"));
  EXPECT_THAT(read({"b.json"}).at(1).place, HasSubstr("b.json request 2"));
}

TEST_F(RequestListTest, ABadLineIsAProblemOfItsOwn) {
  write("a.jsonl", "{\"caption\": \"one\"}\nnonsense\n[1]\n{\"caption\": \"two\"}\n");
  EXPECT_THAT(captions({"a.jsonl"}), ElementsAre("one", "?", "?", "two"));
  EXPECT_THAT(read({"a.jsonl"}).at(1).problem, HasSubstr("a.jsonl line 2"));
}

TEST_F(RequestListTest, ALineHasALimit) {
  write("a.jsonl", std::string(10'000'001, 'x') + "\n{\"caption\": \"two\"}\n");
  EXPECT_THAT(captions({"a.jsonl"}), ElementsAre("?", "two"));
}

TEST_F(RequestListTest, AMissingFileIsAnInputError) {
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { read({"none.jsonl"}); }),
              HasSubstr("none.jsonl"));
  EXPECT_THAT(message_of(ErrorCode::kInput, [&] { read({"none.json"}); }), HasSubstr("none.json"));
}

}  // namespace
}  // namespace acestep::batch
