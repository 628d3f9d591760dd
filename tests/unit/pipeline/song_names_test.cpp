#include "pipeline/song_names.h"

#include <unistd.h>

#include "unit/util/temp_folder.h"

namespace acestep::pipeline {
namespace {

namespace fs = std::filesystem;
using acestep::testing::message_of;
using ::testing::HasSubstr;

NameFacts facts(int64_t index = 1, int64_t songs = 1) {
  return {.date = "20261123-184512",
          .caption = "Warm acoustic folk",
          .seed = 6 + static_cast<uint64_t>(index),
          .index = index,
          .songs = songs,
          .extension = "flac"};
}

std::vector<NameFacts> songs(int64_t count) {
  std::vector<NameFacts> names;
  for (int64_t i = 1; i <= count; ++i) names.push_back(facts(i, count));
  return names;
}

TEST(Slug, LettersAndDigitsJoinedByDashes) {
  EXPECT_EQ(slug("Warm, acoustic FOLK -- 120 bpm!"), "warm-acoustic-folk-120-bpm");
  EXPECT_EQ(slug("  \t...jazz..."), "jazz");
  EXPECT_EQ(slug("../../etc/passwd"), "etc-passwd");
}

TEST(Slug, AtMostFortyBytesWithoutADashAtTheEnd) {
  EXPECT_EQ(slug(std::string(100, 'a')), std::string(40, 'a'));
  EXPECT_EQ(slug(std::string(39, 'a') + " bc"), std::string(39, 'a'));
}

TEST(Slug, SongWhenNothingIsLeft) {
  EXPECT_EQ(slug(""), "song");
  EXPECT_EQ(slug("!?"), "song");
  EXPECT_EQ(slug("夜の歌"), "song");
}

TEST(FillTemplate, FillsEveryField) {
  EXPECT_EQ(fill_template("{date}-{slug}-{seed}-{index}", facts()),
            "20261123-184512-warm-acoustic-folk-7-1");
  EXPECT_EQ(fill_template("{index}{index}", facts(2)), "22");
  EXPECT_EQ(fill_template("plain", facts()), "plain");
  EXPECT_EQ(fill_template("a{b", facts()), "a{b");
}

TEST(FillTemplate, RefusesAnUnknownField) {
  const std::string message =
      message_of(ErrorCode::kUsage, [] { fill_template("x-{mood}", facts()); });
  EXPECT_THAT(message, HasSubstr("x-{mood}"));
  EXPECT_THAT(message, HasSubstr("unknown field {mood}"));
}

TEST(FillTemplate, SeveralSongsNeedDifferentNames) {
  EXPECT_THAT(message_of(ErrorCode::kUsage, [] { fill_template("{slug}", facts(1, 2)); }),
              HasSubstr("all 2 songs"));
  EXPECT_EQ(fill_template("{seed}", facts(1, 2)), "7");
  EXPECT_EQ(fill_template("{index}", facts(2, 2)), "2");
}

class SongNames : public acestep::testing::TempFolder {
 protected:
  OutputOptions in_folder(const std::string& name_template) const {
    return {.save_dir = folder_, .output = "", .name_template = name_template};
  }
  OutputOptions exact(const std::string& name) const {
    return {.save_dir = "unused", .output = (folder_ / name).string()};
  }
};

TEST_F(SongNames, ATakenTemplateNameGetsANumber) {
  EXPECT_EQ(choose_path(in_folder("a"), facts()), folder_ / "a.flac");
  write("a.flac", "");
  EXPECT_EQ(choose_path(in_folder("a"), facts()), folder_ / "a-2.flac");
  write("a-2.flac", "");
  EXPECT_EQ(choose_path(in_folder("a"), facts()), folder_ / "a-3.flac");
}

TEST_F(SongNames, ASidecarOfAnotherFormatTakesTheNameToo) {
  write("a.json", "");
  EXPECT_EQ(choose_path(in_folder("a"), facts()), folder_ / "a-2.flac");
  OutputOptions without = in_folder("a");
  without.sidecar = false;
  EXPECT_EQ(choose_path(without, facts()), folder_ / "a.flac");
}

TEST_F(SongNames, ForceKeepsTheName) {
  write("a.flac", "");
  OutputOptions forced = in_folder("a");
  forced.force = true;
  EXPECT_EQ(choose_path(forced, facts()), folder_ / "a.flac");
}

TEST_F(SongNames, AnExactNameThatIsTakenIsAnErrorUnlessForced) {
  write("b.wav", "");
  OutputOptions options = exact("b.wav");
  EXPECT_THAT(message_of(ErrorCode::kOutput, [&] { require_writable(options, songs(1)); }),
              HasSubstr("b.wav"));
  options.force = true;
  EXPECT_NO_THROW(require_writable(options, songs(1)));
}

TEST_F(SongNames, WhatLiesBesideAnExactNameIsSeenBeforeTheWork) {
  OutputOptions options = exact("b.wav");
  write("b.codes.txt", "");
  EXPECT_NO_THROW(require_writable(options, songs(1)));
  options.save_codes = true;
  message_of(ErrorCode::kOutput, [&] { require_writable(options, songs(1)); });
}

TEST_F(SongNames, EverySongOfABatchIsLookedAtBeforeTheWork) {
  write("b-2.wav", "");
  message_of(ErrorCode::kOutput, [&] { require_writable(exact("b-{index}.wav"), songs(3)); });
}

TEST_F(SongNames, EqualSeedsWouldGiveTwoSongsOneName) {
  std::vector<NameFacts> names = songs(2);
  names[1].seed = names[0].seed;
  EXPECT_THAT(message_of(ErrorCode::kUsage, [&] { require_writable(exact("{seed}.wav"), names); }),
              HasSubstr("two songs"));
  EXPECT_NO_THROW(require_writable(in_folder("{seed}"), names));  // the second becomes "-2"
  OutputOptions forced = in_folder("{seed}");
  forced.force = true;
  message_of(ErrorCode::kUsage, [&] { require_writable(forced, names); });
}

TEST_F(SongNames, ASongIsNotItsOwnSidecar) {
  OutputOptions options = exact("b.json");
  message_of(ErrorCode::kUsage, [&] { require_writable(options, songs(1)); });
  options.sidecar = false;
  EXPECT_NO_THROW(require_writable(options, songs(1)));
}

TEST_F(SongNames, AFolderIsNoExactName) {
  for (const char* name : {".", "sub/"}) {
    EXPECT_THAT(message_of(ErrorCode::kOutput, [&] { require_writable(exact(name), songs(1)); }),
                HasSubstr("is a folder"));
  }
}

TEST_F(SongNames, FoldersAreMadeBeforeTheWorkAlsoThoseOfATemplate) {
  require_writable({.save_dir = folder_ / "new" / "deep"}, songs(1));
  EXPECT_TRUE(fs::is_directory(folder_ / "new" / "deep"));
  require_writable(in_folder("{slug}/{index}"), songs(2));
  EXPECT_TRUE(fs::is_directory(folder_ / "warm-acoustic-folk"));
}

TEST_F(SongNames, AFolderThatCannotBeMadeIsNamed) {
  write("file", "");
  const OutputOptions options{.save_dir = folder_ / "file" / "sub"};
  EXPECT_THAT(message_of(ErrorCode::kOutput, [&] { require_writable(options, songs(1)); }),
              HasSubstr((folder_ / "file" / "sub").string()));
}

TEST_F(SongNames, AFolderWithoutPermissionIsNamed) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  fs::permissions(folder_, fs::perms::owner_read | fs::perms::owner_exec);
  message_of(ErrorCode::kOutput, [&] { require_writable(in_folder("a"), songs(1)); });
  fs::permissions(folder_, fs::perms::owner_all);
}

}  // namespace
}  // namespace acestep::pipeline
