// How long an answer of jq's process is waited for.
//
// Compiling takes long, and each waits for those before it: so who has not been
// taken yet goes by what the nursery does for anybody. What was taken ends
// itself in its time; and were its memory ruined, here.
//
// Thread safety: a sign of life may be given and asked for by many threads;
// a patience has one owner.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_PATIENCE_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_PATIENCE_HPP_

#include <algorithm>
#include <atomic>
#include <chrono>

#include "core/base/deadline.hpp"
#include "core/jq/jq_request.hpp"

namespace command_exporter {

// The nursery takes a request at once, unless it is compiling, and an
// evaluation ends itself in time. So long after its last sign of life, or after
// that time, something is wrong with them.
inline constexpr std::chrono::seconds kJqPatience{3};

// When the nursery was last seen to do something, by any of its users.
class JqSignOfLife {
 public:
  void Give() { last_ = Clock::now().time_since_epoch().count(); }

  Deadline Until(Duration patience) const {
    return Deadline(Clock::time_point(Clock::duration(last_)) + patience);
  }

 private:
  std::atomic<Clock::rep> last_ = Clock::now().time_since_epoch().count();
};

// How long an answer is waited for.
class JqPatience {
 public:
  // `text`: the memory file of the question. All must outlive it.
  JqPatience(int text, Duration time, JqSignOfLife& sign)
      : text_(text),
        time_(time),
        sign_(sign) {}

  Deadline Until() const {
    return taken_ ? Deadline(taken_at_ + time_ + kJqPatience)
                  : std::max(Deadline(began_ + kJqPatience),
                             sign_.Until(kJqPatience));
  }

  // Something came of it, or not. False: nothing should be waited for any more.
  bool Go(bool something_came) {
    if (!taken_ && (something_came || WasTaken(text_))) {
      taken_ = true;
      taken_at_ = Clock::now();
      sign_.Give();
    }
    // What comes may have waited while this thread could not run; but it does
    // not come for ever.
    return !Until().Passed(Clock::now() -
                           (something_came ? kJqPatience : Duration{0}));
  }

  bool taken() const { return taken_; }

 private:
  int text_;
  Duration time_;
  JqSignOfLife& sign_;
  Clock::time_point began_ = Clock::now();
  bool taken_ = false;
  Clock::time_point taken_at_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_PATIENCE_HPP_
