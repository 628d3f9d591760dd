#include "hub/listing.h"

#include <gmock/gmock.h>

#include "hub/listing_format.h"
#include "unit/hub/download_fixture.h"

namespace acestep::hub {
namespace {

using ::acestep::testing::DownloadTest;
using ::acestep::testing::message_of;
using ::acestep::testing::PublishedFile;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

const KnownModel& sft() { return *find_known("acestep-v15-sft"); }
const KnownModel& vae() { return *find_known("vae"); }

Listing parse(const std::string& answer, Source source = Source::kHuggingFace,
              const KnownModel& model = sft()) {
  Listing listing;
  listing.source = source;
  add_listing_page(listing, answer, model, "https://hub.example/list");
  return listing;
}

std::vector<std::string> names(const Listing& listing) {
  std::vector<std::string> result;
  for (const RemoteFile& file : listing.files) result.push_back(file.name);
  return result;
}

TEST(ListingFormat, TakesDigestsOfBothKinds) {
  const Listing listing = parse(testing::huggingface_list(
      {{"config.json", "{}", false}, {"model.safetensors", "weights", true}}));
  ASSERT_EQ(listing.files.size(), 2U);
  EXPECT_EQ(listing.files[0].git_blob, "9e26dfeeb6e641a33dae4961196235bdb965b21b");
  EXPECT_EQ(listing.files[0].sha256, "");
  EXPECT_EQ(listing.files[1].git_blob, "");
  EXPECT_EQ(listing.files[1].sha256.size(), 64U);
}

TEST(ListingFormat, PicksTheModelsOwnFolder) {
  const std::string list = testing::huggingface_list({{"config.json", "root"},
                                                      {"vae/config.json", "vae"},
                                                      {"vae/deeper/config.json", "no"},
                                                      {"vaeother/config.json", "no"}});
  EXPECT_THAT(names(parse(list, Source::kHuggingFace, vae())),
              ::testing::ElementsAre("config.json"));
  EXPECT_EQ(parse(list, Source::kHuggingFace, vae()).files[0].bytes, 3U);
}

TEST(ListingFormat, ReadsModelScope) {
  const Listing listing = parse(
      testing::modelscope_list({{"config.json", "{}"}, {"README.md", "#"}}), Source::kModelScope);
  EXPECT_THAT(names(listing), ::testing::ElementsAre("config.json"));
  EXPECT_THAT(listing.left_out, ::testing::ElementsAre("README.md"));
  EXPECT_EQ(listing.files[0].sha256.size(), 64U);
}

class HostilePathTest : public ::testing::TestWithParam<const char*> {};

TEST_P(HostilePathTest, IsRefused) {
  const std::string list = testing::huggingface_list({{GetParam(), "x"}});
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { parse(list); }), HasSubstr("leads out"));
}
INSTANTIATE_TEST_SUITE_P(Paths, HostilePathTest,
                         ::testing::Values("../evil.json", "a/../../evil.json", "/etc/evil.json",
                                           "..", ".", "", "a//b.json", "..\\evil.json",
                                           "C:evil.json", "C:\\evil.json", "\\\\host\\evil.json",
                                           "a\nb.json", "a\x7f.json", "./config.json", "dir/"));

class BrokenListTest : public ::testing::TestWithParam<const char*> {};

TEST_P(BrokenListTest, IsRefused) {
  message_of(ErrorCode::kModel, [&] { parse(GetParam()); });
}
INSTANTIATE_TEST_SUITE_P(
    Lists, BrokenListTest,
    ::testing::Values("", "<html>", "{}", "[1]", "[null]", "{\"error\": \"gone\"}",
                      R"([{"type": "file", "path": "config.json"}])",
                      R"([{"type": "file", "path": "config.json", "size": -1}])",
                      R"([{"type": "file", "path": "config.json", "size": "9"}])",
                      R"([{"type": "file", "path": "config.json", "size": 1e300}])",
                      R"([{"type": "file", "path": 7, "size": 1}])",
                      R"([{"type": "file", "path": "a.json", "path": "b.json", "size": 1}])"));

TEST(Listing, AddressesAreEncoded) {
  KnownModel odd = sft();
  odd.subfolder = "a b";
  const Access access;
  EXPECT_EQ(file_url(access, Source::kHuggingFace, odd, "x#?.json"),
            "https://huggingface.co/ACE-Step/acestep-v15-sft/resolve/main/a%20b/x%23%3F.json");
  EXPECT_EQ(file_url(access, Source::kModelScope, odd, "x.json"),
            "https://www.modelscope.cn/api/v1/models/ACE-Step/acestep-v15-sft/"
            "repo?Revision=master&FilePath=a%20b%2Fx.json");
}

TEST(Listing, TheCatalogueKnowsTheMainSet) {
  for (const KnownModel* model : main_models()) {
    const Listing listing = catalogue_listing({}, Source::kHuggingFace, *model);
    EXPECT_FALSE(listing.files.empty()) << model->name;
  }
}

class ListingTest : public DownloadTest {
 protected:
  Listing ask(const KnownModel& model) {
    HttpClient client(limits_);
    return ask_listing(client, access_, Source::kHuggingFace, model, stop_);
  }
  std::string list_path() const {
    return std::string("/api/models/") + testing::kTestRepo + "/tree/main?recursive=true";
  }
};

TEST_F(ListingTest, FollowsPagesOfTheSameHost) {
  server_.serve(list_path(), testing::huggingface_list({{"model.safetensors", "w", true}}), false);
  server_.add_header(list_path(), "Link: <" + server_.url() + "/page2>; rel=\"next\"");
  server_.serve("/page2", testing::huggingface_list({{"config.json", "{}"}}), false);
  EXPECT_EQ(ask(sft()).files.size(), 2U);
}

TEST_F(ListingTest, NeverFollowsAPageToAnotherHost) {
  server_.add_header(list_path(), "Link: <http://127.0.0.1:1/page2>; rel=\"next\"");
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { ask(sft()); }), HasSubstr("another host"));
}

TEST_F(ListingTest, PagesWithoutEndAreRefused) {
  server_.add_header(list_path(), "Link: <" + server_.url() + list_path() + ">; rel=\"next\"");
  message_of(ErrorCode::kModel, [&] { ask(sft()); });
}

TEST_F(ListingTest, AListWithoutWeightsIsRefused) {
  server_.serve(list_path(), testing::huggingface_list({{"config.json", "{}"}}), false);
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { ask(sft()); }), HasSubstr("no weights"));
}

TEST_F(ListingTest, AListThatIsTooLongIsRefused) {
  server_.serve(list_path(), std::string(kMaxListingBytes + 1, ' '), false);
  EXPECT_THAT(message_of(ErrorCode::kModel, [&] { ask(sft()); }), HasSubstr("too long"));
}

TEST_F(ListingTest, APlainMirrorIsAnsweredForByTheCatalogue) {
  const Listing listing = ask(vae());
  EXPECT_TRUE(listing.is_from_catalogue);
  EXPECT_EQ(listing.files.size(), 2U);
}

TEST_F(ListingTest, OtherSizesThanTheCatalogueAreAWarning) {
  publish(server_, "ACE-Step/Ace-Step1.5",
          {{"vae/config.json", "{}"}, {"vae/diffusion_pytorch_model.safetensors", "w", true}});
  const Listing listing = ask(vae());
  EXPECT_EQ(listing.files.size(), 2U);
  EXPECT_EQ(listing.warnings.size(), 2U);
}

TEST_F(ListingTest, TheTokenIsSentToTheEndpoint) {
  ask(sft());
  EXPECT_EQ(server_.requests().front().token, "hf_secret");
}

}  // namespace
}  // namespace acestep::hub
