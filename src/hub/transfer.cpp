#include "hub/transfer.h"

#include <algorithm>
#include <thread>

#include "hub/http_errors.h"
#include "hub/size_text.h"
#include "util/error.h"

namespace acestep::hub {
namespace {

constexpr int kStatusPart = 206;
constexpr int kStatusRangeRefused = 416;
constexpr auto kStopInterval = std::chrono::milliseconds(50);
constexpr auto kWaitWorthTelling = std::chrono::seconds(5);
constexpr int kMostDoublings = 20;

class Transfer {
 public:
  Transfer(PartFile& part, const RemoteFile& file, Source source, const std::string& repo,
           const TransferTools& tools)
      : part_(part), file_(file), source_(source), repo_(repo), tools_(tools) {}

  void run() {
    uint64_t most_bytes = part_.bytes();
    int failures = 0;
    while (part_.bytes() < file_.bytes) {
      const HttpReply reply = ask();
      if (part_.bytes() == file_.bytes) return;
      if (part_.bytes() > most_bytes) failures = 0;
      most_bytes = std::max(most_bytes, part_.bytes());
      if (!is_worth_another_try(reply) || ++failures >= tools_.retry.tries) throw error_of(reply);
      wait(failures, reply);
    }
  }

 private:
  HttpReply ask() {
    is_new_reply_ = true;
    const bool has_token = source_ == Source::kHuggingFace;
    const HttpRequest request{.url = file_.url,
                              .token = has_token ? tools_.access.token : std::string(),
                              .first_byte = part_.bytes()};
    const auto sink = [&](const HttpHead& head, std::span<const std::byte> bytes) {
      return take(head, request.first_byte, bytes);
    };
    HttpReply reply = tools_.client.get(request, sink, tools_.stop);
    if (reply.head.status == kStatusRangeRefused) begin_again("the hub refuses to go on");
    return reply;
  }

  // False: these bytes are not the ones that were asked for.
  bool take(const HttpHead& head, uint64_t first_byte, std::span<const std::byte> bytes) {
    if (is_new_reply_ && !fits(head, first_byte)) return false;
    is_new_reply_ = false;
    if (bytes.size() > file_.bytes - part_.bytes()) {
      part_.shorten(0);
      throw Error(ErrorCode::kModel,
                  file_.name + ": the hub sends more than the " + std::to_string(file_.bytes) +
                      " bytes it lists",
                  "Try again later, or another hub with --source.");
    }
    part_.append(bytes);
    tools_.observer.bytes_present(part_.bytes());
    return true;
  }

  bool fits(const HttpHead& head, uint64_t first_byte) {
    if (head.range_total.value_or(file_.bytes) != file_.bytes) {
      throw Error(ErrorCode::kModel,
                  file_.name + ": the hub now has " + size_text(*head.range_total) +
                      ", its list says " + size_text(file_.bytes),
                  "It was changed meanwhile: run again.");
    }
    if (head.status == kStatusPart && head.range_begin != first_byte) {
      begin_again("the hub sends another part than asked for");
      return false;
    }
    if (head.status != kStatusPart && first_byte > 0)
      begin_again("the hub sends all from the start");
    return true;
  }

  void begin_again(const std::string& why) {
    if (part_.bytes() == 0) return;
    tools_.observer.note(file_.name + ": " + why + "; beginning again");
    part_.shorten(0);
    tools_.observer.bytes_present(0);
  }

  // A hub that never answered is told at once: there is most likely no network.
  bool is_worth_another_try(const HttpReply& reply) const {
    if (reply.outcome == HttpOutcome::kUnreachable && !tools_.client.has_answered()) return false;
    return may_retry(reply) || (reply.head.status == kStatusRangeRefused && !is_refused_twice());
  }

  bool is_refused_twice() const { return part_.bytes() == 0 && refusals_ > 0; }

  static std::string why(const HttpReply& reply) {
    if (reply.outcome == HttpOutcome::kDeclined) return "it is not what was asked for";
    if (reply.outcome != HttpOutcome::kWhole) return reply.why;
    if (reply.head.status >= 400) return "the hub answers " + std::to_string(reply.head.status);
    return "the answer ended early";
  }

  void wait(int failures, const HttpReply& reply) {
    if (reply.head.status == kStatusRangeRefused) ++refusals_;
    std::chrono::milliseconds left = wait_after(failures, reply);
    std::string text = file_.name + ": " + why(reply) + " at " + size_text(part_.bytes());
    text += "; trying again";
    if (left > kWaitWorthTelling) text += " in " + std::to_string(left.count() / 1000) + " s";
    tools_.observer.note(text);
    while (left.count() > 0) {
      tools_.stop.throw_if_stopped();
      const auto slice = std::min<std::chrono::milliseconds>(left, kStopInterval);
      std::this_thread::sleep_for(slice);
      left -= slice;
    }
  }

  std::chrono::milliseconds wait_after(int failures, const HttpReply& reply) const {
    const int doublings = std::min(failures - 1, kMostDoublings);
    const std::chrono::milliseconds asked = std::chrono::seconds(reply.head.retry_after_seconds);
    return std::max(
        asked, std::min(tools_.retry.first_wait * (1 << doublings), tools_.retry.longest_wait));
  }

  Error error_of(const HttpReply& reply) const {
    const bool is_cut = reply.outcome == HttpOutcome::kDeclined ||
                        (reply.outcome == HttpOutcome::kWhole && reply.head.status < 400);
    if (!is_cut) return reply_error(reply, tools_.access, source_, repo_, file_.name);
    return Error(ErrorCode::kModel,
                 file_.name + ": " + std::to_string(part_.bytes()) + " of " +
                     std::to_string(file_.bytes) + " bytes came in " +
                     std::to_string(tools_.retry.tries) + " tries: " + why(reply),
                 "Run again: the download goes on where it stopped. Or choose another --source.");
  }

  PartFile& part_;
  const RemoteFile& file_;
  Source source_;
  const std::string& repo_;
  const TransferTools& tools_;
  bool is_new_reply_ = true;
  int refusals_ = 0;
};

}  // namespace

void transfer(PartFile& part, const RemoteFile& file, Source source, const std::string& repo,
              const TransferTools& tools) {
  Transfer(part, file, source, repo, tools).run();
}

}  // namespace acestep::hub
