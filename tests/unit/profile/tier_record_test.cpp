#include "profile/tier_record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "records.h"
#include "util/error.h"

namespace acestep::profile {
namespace {

namespace fs = std::filesystem;

std::set<std::string> names_of(const nlohmann::json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) names.insert(name);
  return names;
}

const std::set<std::string> kReferenceFields = {
    "tier_gb",      "tier",        "test_variant", "use_lm",      "lm_model", "lm_backend",
    "offload",      "offload_dit", "quantization", "duration",    "error",    "batch_size",
    "init_success", "gen_success", "wall_time",    "peak_vram_gb"};

// A file of the tests' folder for temporary files, removed with its object.
class TemporaryFile final {
 public:
  explicit TemporaryFile(const std::string& content)
      : path_(fs::path(testing::TempDir()) / "records.json") {
    std::ofstream(path_) << content;
  }
  ~TemporaryFile() { fs::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

TEST(Checklist, Row86_ARecordHasTheReferencesFields) {
  EXPECT_EQ(names_of(record_json(failed(4, "tier1"))), kReferenceFields);
}

TEST(Checklist, Row86_ARecordOfASuccessHasTheTimesOfItsStagesToo) {
  std::set<std::string> names = kReferenceFields;
  names.insert({"lm_time", "dit_time", "vae_time"});
  EXPECT_EQ(names_of(record_json(passed(4, "tier1"))), names);
}

TEST(TierRecord, WholeNumbersAreWrittenAsSuch) {
  EXPECT_EQ(number_json(240.0).dump(), "240");
  EXPECT_EQ(number_json(7.6).dump(), "7.6");
}

TEST(TierRecord, SmallMemoryIsToldInMegabytes) {
  EXPECT_EQ(memory_text(5.25), "5.25GB");
  EXPECT_EQ(memory_text(0.0078125), "8.0MB");
  EXPECT_EQ(memory_text(std::optional<double>()), "-");
}

TEST(TierRecord, UnquantisedIsNull) {
  EXPECT_EQ(record_json(passed(48, "unlimited")).at("quantization"), nullptr);
}

TEST(TierRecord, ReadsWhatItWrites) {
  TierRecord record = passed(16, "tier6a", 4.25);
  record.run.variant = "no-quant";
  record.run.lm_model = "acestep-5Hz-lm-1.7B";
  record.run.offload_to_cpu = true;
  const auto list = records_json({record, failed(4, "tier1")});
  const TemporaryFile file(list.dump());
  EXPECT_EQ(records_json(read_records(file.path())), list);
}

TEST(TierRecord, AFileThatIsNoListIsRefused) {
  const TemporaryFile file("{}");
  EXPECT_THROW(read_records(file.path()), Error);
}

TEST(TierRecord, ARecordWithoutASizeIsNamed) {
  auto list = records_json({passed(4, "tier1"), passed(6, "tier2")});
  list[1].erase("tier_gb");
  const TemporaryFile file(list.dump());
  try {
    read_records(file.path());
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kInput);
    EXPECT_THAT(error.message(), testing::HasSubstr("record 2"));
  }
}

}  // namespace
}  // namespace acestep::profile
