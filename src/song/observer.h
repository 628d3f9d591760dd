// What a stage tells the outside while it works: where it is, and what it had to change.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace acestep::song {

// A value that was moved or replaced: never silently, always with the reason.
struct Adjustment {
  std::string field;  // the option's long name
  std::string from;
  std::string to;
  std::string why;
};

// Called from the thread that runs the stage.
class Observer {
 public:
  virtual ~Observer() = default;

  // A new stage begins: "compose", "score", "encode", "condition", "denoise", "listen", "decode",
  // "master", "write".
  virtual void stage(std::string_view name) = 0;
  // `done` of `of` equal parts of the stage are complete; done counts from 0 to of.
  virtual void step(int64_t done, int64_t of) = 0;
  virtual void adjustment(const Adjustment& adjustment) = 0;
};

}  // namespace acestep::song
