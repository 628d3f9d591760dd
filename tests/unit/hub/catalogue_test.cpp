#include "hub/catalogue.h"

#include <gmock/gmock.h>

#include <set>

#include "hub/access.h"
#include "hub/digest.h"
#include "hub/http_head.h"
#include "hub/size_text.h"
#include "unit/util/temp_folder.h"

namespace acestep::hub {
namespace {

using ::acestep::testing::message_of;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Catalogue, HoldsTheTenSubModelsTheMainSetAndAVae) {
  EXPECT_EQ(known_models().size(), 15U);
  EXPECT_EQ(main_models().size(), 4U);
  std::set<std::string_view> names;
  for (const KnownModel& model : known_models()) names.insert(model.name);
  EXPECT_EQ(names.size(), 15U);
}

TEST(Catalogue, TheMainSetIsAboutTenGigabytes) {
  uint64_t bytes = 0;
  for (const KnownModel* model : main_models()) bytes += model->about_bytes;
  EXPECT_EQ(size_text(bytes), "10.1 GB");
}

TEST(Catalogue, DigestsAreDigests) {
  for (const KnownModel& model : known_models()) {
    for (const KnownFile& file : model.files) {
      EXPECT_GT(file.bytes, 0U) << file.name;
      EXPECT_TRUE(file.sha256.empty() || is_digest(file.sha256, 64)) << file.name;
    }
  }
}

TEST(Catalogue, FamiliesAreThoseOfTheNames) {
  for (const KnownModel& model : known_models()) {
    if (model.kind != ModelKind::kDit) continue;
    EXPECT_EQ(family_of_name(model.name), model.family);
  }
}

TEST(Catalogue, OnlyBaseModelsCanLego) {
  EXPECT_THAT(tasks_of("xl-base"), ::testing::Contains("lego"));
  EXPECT_THAT(tasks_of("turbo"), Not(::testing::Contains("lego")));
}

TEST(ResolveName, TakesTheFirstThatContainsAPart) {
  EXPECT_EQ(resolve_name("4B").model->name, "acestep-5Hz-lm-4B");
  EXPECT_TRUE(resolve_name("4b").is_partial);
  EXPECT_EQ(resolve_name("xl-turbo").model->name, "acestep-v15-xl-turbo");
  EXPECT_FALSE(resolve_name("acestep-v15-turbo").is_partial);
}

TEST(ResolveName, AnUnknownNameIsToldWithTheNearest) {
  try {
    resolve_name("acestep-v15-trubo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kModel);
    EXPECT_THAT(error.hint(), HasSubstr("Did you mean acestep-v15-turbo?"));
    EXPECT_THAT(error.hint(), HasSubstr("acestep-v15-xl-sft"));
  }
}

TEST(SizeText, HasThreeDigits) {
  EXPECT_EQ(size_text(0), "0 bytes");
  EXPECT_EQ(size_text(1), "1 byte");
  EXPECT_EQ(size_text(999), "999 bytes");
  EXPECT_EQ(size_text(1000), "1.00 kB");
  EXPECT_EQ(size_text(999'499), "999 kB");
  EXPECT_EQ(size_text(999'600), "1.00 MB");
  EXPECT_EQ(size_text(4'787'825'604), "4.79 GB");
  EXPECT_EQ(size_text(20'000'000'000), "20.0 GB");
}

Environment environment_of(std::map<std::string, std::string> variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto place = variables.find(name);
    return place == variables.end() ? std::nullopt : std::optional(place->second);
  };
}

TEST(ReadAccess, TakesTheVariablesOfTheHubsOwnTools) {
  const Access access = read_access(environment_of({{"HF_ENDPOINT", "https://mirror.example/"},
                                                    {"HF_TOKEN", " hf_x\n"},
                                                    {"HF_HUB_OFFLINE", "ON"},
                                                    {"ACESTEP_DOWNLOAD_SOURCE", "modelscope"}}),
                                    "");
  EXPECT_EQ(access.huggingface, "https://mirror.example");
  EXPECT_EQ(access.token, "hf_x");
  EXPECT_TRUE(access.is_offline);
  EXPECT_THAT(access.order, ::testing::ElementsAre(Source::kModelScope));
}

TEST(ReadAccess, TheOptionBeatsTheVariable) {
  const auto environment = environment_of({{"ACESTEP_DOWNLOAD_SOURCE", "modelscope"}});
  EXPECT_EQ(read_access(environment, "auto").order.size(), 2U);
  EXPECT_EQ(read_access(environment, "auto").order.front(), Source::kHuggingFace);
}

TEST(ReadAccess, NeverShowsATokenItCannotUse) {
  const std::string message = message_of(ErrorCode::kUsage, [] {
    read_access(environment_of({{"HF_TOKEN", "hf_se\ncret"}}), "");
  });
  EXPECT_THAT(message, HasSubstr("HF_TOKEN"));
  EXPECT_THAT(message, Not(HasSubstr("hf_se")));
}

class BadEndpointTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BadEndpointTest, IsRefused) {
  message_of(ErrorCode::kUsage, [] {
    read_access(environment_of({{"HF_ENDPOINT", GetParam()}}), "");
  });
}
INSTANTIATE_TEST_SUITE_P(Endpoints, BadEndpointTest,
                         ::testing::Values("huggingface.co", "ftp://x", "file:///etc", "https://",
                                           "https://user:pw@host", "https://a b", "https://h?x"));

TEST(ReadAccess, AnUnknownSourceIsRefused) {
  message_of(ErrorCode::kUsage, [] { read_access(environment_of({}), "usenet"); });
}

TEST(OriginOf, TellsHostsApart) {
  EXPECT_EQ(origin_of("HTTPS://Hub.example/a"), origin_of("https://hub.example:443"));
  EXPECT_NE(origin_of("http://hub.example/a"), origin_of("https://hub.example/a"));
  EXPECT_NE(origin_of("http://hub.example:81"), origin_of("http://hub.example"));
  EXPECT_EQ(origin_of("http://[::1]:8080/x"), "http://[::1]:8080");
}

HttpHead head_of(const std::vector<std::string>& lines) {
  HttpHead head;
  for (const std::string& line : lines) add_header_line(head, line + "\r\n");
  return head;
}

TEST(HttpHead, ReadsWhatMatters) {
  const HttpHead head =
      head_of({"HTTP/1.1 206 Partial Content", "Content-Length: 5", "content-range: bytes 5-9/10",
               "Retry-After: 7", "LINK: <https://h/2>; rel=\"next\""});
  EXPECT_EQ(head.status, 206);
  EXPECT_EQ(head.content_bytes, 5U);
  EXPECT_EQ(head.range_begin, 5U);
  EXPECT_EQ(head.range_total, 10U);
  EXPECT_EQ(head.retry_after_seconds, 7);
  EXPECT_EQ(head.next_page, "https://h/2");
}

TEST(HttpHead, ARedirectsHeadersAreForgotten) {
  const HttpHead head = head_of({"HTTP/2 302", "Link: <https://h/2>; rel=\"next\"", "HTTP/2 200"});
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.next_page, "");
}

TEST(HttpHead, NonsenseSaysNothing) {
  const HttpHead head =
      head_of({"HTTP/1.1 two hundred", "Content-Length: -5", "Content-Range: bytes */10",
               "Content-Range: pages 1-2/3", "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", "Link",
               "Link: >nonsense<; rel=\"next\""});
  EXPECT_EQ(head.status, 0);
  EXPECT_FALSE(head.content_bytes);
  EXPECT_FALSE(head.range_begin);
  EXPECT_EQ(head.range_total, 10U);
  EXPECT_EQ(head.retry_after_seconds, 0);
  EXPECT_EQ(head.next_page, "");
}

class DigestTest : public testing::TempFolder {};

TEST_F(DigestTest, IsGits) {
  EXPECT_EQ(file_git_blob(write("hello", "hello\n")), "ce013625030ba8dba906f756967f9e9ca394464a");
}

TEST_F(DigestTest, OfNothing) {
  const util::StopToken stop;
  EXPECT_EQ(file_sha256(write("empty", ""), stop),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(file_git_blob(folder_ / "empty"), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
}

}  // namespace
}  // namespace acestep::hub
