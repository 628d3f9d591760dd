#include "cli/roff.h"

#include <gmock/gmock.h>

#include "cli/help_man.h"

namespace acestep::cli {
namespace {

TEST(RoffText, EscapesBackslashesHyphensAndQuotes) {
  EXPECT_EQ(roff_text("a\\b"), "a\\(rsb");
  EXPECT_EQ(roff_text("--no-force"), "\\-\\-no\\-force");
  EXPECT_EQ(roff_text("'it' \"is\""), "\\(aqit\\(aq \\(dqis\\(dq");
}

TEST(RoffText, ProtectsLinesThatBeginWithADot) {
  EXPECT_EQ(roff_text(".env\n.x a.b"), "\\&.env\n\\&.x a.b");
}

TEST(RoffText, NamesCharactersBeyondAscii) {
  EXPECT_EQ(roff_text("10 … 20"), "10 \\[u2026] 20");
  EXPECT_EQ(roff_text("é"), "\\[u00E9]");
  EXPECT_EQ(roff_text("𝄞"), "\\[u1D11E]");
}

TEST(HelpMan, IsAscii) { EXPECT_THAT(help_man(), testing::Each(testing::Gt('\0'))); }

}  // namespace
}  // namespace acestep::cli
