// JqPatience: how long to wait for an answer of jq's process.
//
// Compiling takes long, and each request waits for the ones before it. Until a
// request is taken, the wait is therefore extended by each sign of life that
// the nursery gives to any user. A request that was taken ends itself in its
// time; if its memory is corrupt, the limit here ends the wait.
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

// The nursery takes a request at once unless it is compiling, and an evaluation
// ends itself in time. This long after the last sign of life, or after that
// time, the process has failed.
inline constexpr std::chrono::seconds kJqPatience{3};

// The last time the nursery was seen to work, by any of its users.
class JqSignOfLife {
 public:
  void Give() { last_ = Clock::now().time_since_epoch().count(); }

  Deadline Until(Duration patience) const {
    return Deadline(Clock::time_point(Clock::duration(last_)) + patience);
  }

 private:
  std::atomic<Clock::rep> last_ = Clock::now().time_since_epoch().count();
};

// The limit of the wait for one answer.
class JqPatience {
 public:
  // `text`: the memory file of the request. All arguments must outlive this
  // object.
  JqPatience(int text, Duration time, JqSignOfLife& sign)
      : text_(text),
        time_(time),
        sign_(sign) {}

  Deadline Until() const {
    return taken_ ? Deadline(taken_at_ + time_ + kJqPatience)
                  : std::max(Deadline(began_ + kJqPatience),
                             sign_.Until(kJqPatience));
  }

  // Reports whether bytes have arrived. False: stop waiting.
  bool Go(bool something_came) {
    if (!taken_ && (something_came || WasTaken(text_))) {
      taken_ = true;
      taken_at_ = Clock::now();
      sign_.Give();
    }
    // Bytes may have waited while this thread could not run, so they extend the
    // limit; but not without end.
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
