#include "profile/work_folder.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace acestep::profile {
namespace {

namespace fs = std::filesystem;

TEST(WorkFolder, IsGoneAfterwards) {
  fs::path path;
  {
    const WorkFolder folder("acestep-test");
    path = folder.path();
    std::ofstream(folder.fresh_folder("songs") / "x.flac") << "x";
  }
  EXPECT_FALSE(fs::exists(path));
}

TEST(WorkFolder, LeavesWhatIsKept) {
  fs::path path;
  {
    WorkFolder folder("acestep-test");
    path = folder.path();
    std::ofstream(path / "a.log") << "a";
    std::ofstream(path / "b.log") << "b";
    folder.keep(path / "a.log");
  }
  EXPECT_TRUE(fs::exists(path / "a.log"));
  EXPECT_FALSE(fs::exists(path / "b.log"));
  fs::remove_all(path);
}

}  // namespace
}  // namespace acestep::profile
