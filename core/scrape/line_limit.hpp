// LineLimit: at most one line a second of each kind, over all collectors.
//
// A client can make any collector fail, as often as it likes: its scrape needs
// only too little time. Such failures must be seen, but they must not fill a
// disk. A line that is left out is counted, and the next one of its kind has
// the count.
//
// Thread safety: Admit may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_SCRAPE_LINE_LIMIT_HPP_
#define COMMAND_EXPORTER_CORE_SCRAPE_LINE_LIMIT_HPP_

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <optional>
#include <utility>

#include "core/base/deadline.hpp"

namespace command_exporter {

// What a client can cause.
enum class ClientLine : std::uint8_t {
  kOverload,   // a run was refused for lack of time
  kCancelled,  // no scrape waited for a run any longer
  kLate,       // a scrape ended without the outcome of a run that goes on
  kUpAgain,    // after one of the first two
};

class LineLimit {
 public:
  // The number of lines left out since the last one; none: leave this one out.
  std::optional<std::uint64_t> Admit(ClientLine kind, Clock::time_point now) {
    constexpr Duration kInterval = std::chrono::seconds{1};
    const std::lock_guard lock(mutex_);
    Last& last = last_[static_cast<std::size_t>(kind)];
    if (last.at && now - *last.at < kInterval) {
      ++last.left_out;
      return std::nullopt;
    }
    last.at = now;
    return std::exchange(last.left_out, 0);
  }

 private:
  struct Last {
    std::optional<Clock::time_point> at{};
    std::uint64_t left_out{};
  };

  static constexpr std::size_t kKinds =
      static_cast<std::size_t>(ClientLine::kUpAgain) + 1;

  std::mutex mutex_;
  std::array<Last, kKinds> last_{};  // under mutex_
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SCRAPE_LINE_LIMIT_HPP_
