// Questions to a person, one line each, or to a list of answers.
#pragma once

#include <istream>
#include <ostream>
#include <string>
#include <vector>

namespace acestep::cli {

enum class AnswersFrom {
  kTerminal,  // a bad answer is asked for again
  kList,      // one answer a line; a bad one is an error
  kNobody,    // every question gets its usual answer
};

class Interview final {
 public:
  // Questions and complaints go to `questions`; they are silent unless a person answers.
  Interview(AnswersFrom from, std::istream& answers, std::ostream& questions)
      : from_(from), answers_(answers), questions_(questions) {}

  // A line for people between questions.
  void say(const std::string& text);

  // The answer without blanks around it; an empty one gives `usual`. Throws Error kInterrupted when
  // the person ends the input, kUsage when the list is too short.
  std::string ask(const std::string& question, const std::string& usual);

  bool ask_yes(const std::string& question, bool usual);

  // One of several, by number from 1 or by name.
  std::string choose(const std::string& question, const std::vector<std::string>& options,
                     const std::string& usual);

  // The last answer cannot be used; the question follows again. Throws Error kUsage naming the
  // answer's line when nobody can be asked again.
  void complain(const std::string& problem);

 private:
  AnswersFrom from_;
  std::istream& answers_;
  std::ostream& questions_;
  int line_ = 0;  // of the last answer
};

}  // namespace acestep::cli
