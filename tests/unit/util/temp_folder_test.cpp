#include "util/temp_folder.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>

#include "util/error.h"

namespace acestep::util {
namespace {

namespace fs = std::filesystem;

TEST(TempFolder, GoesAwayWithAllThatIsInIt) {
  fs::path path;
  {
    const TempFolder folder("acestep-test");
    path = folder.path();
    EXPECT_THAT(path.filename().string(), ::testing::StartsWith("acestep-test-"));
    fs::create_directory(path / "inner");
    std::ofstream(path / "inner" / "file") << "x";
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(TempFolder, NamesTheFolderThatTakesNone) {
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before == nullptr ? "" : before;
  ::setenv("TMPDIR", "/nowhere", 1);
  try {
    const TempFolder folder("acestep-test");
    ADD_FAILURE() << "a folder in /nowhere";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kOutput);
    EXPECT_THAT(error.message(), ::testing::HasSubstr("/nowhere (set TMPDIR"));
  }
  before == nullptr ? ::unsetenv("TMPDIR") : ::setenv("TMPDIR", kept.c_str(), 1);
}

}  // namespace
}  // namespace acestep::util
