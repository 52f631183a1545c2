// EventFd: wakes a thread that sleeps in poll or epoll_wait, or asks it to
// stop.
//
// eventfd(2)
//
// Thread safety: Raise and IsRaised from any thread; Clear from the thread that
// sleeps. Invariant: once raised, the event stays raised until Clear. When
// Raise and Clear run at the same moment, IsRaised and the descriptor may
// differ. After Clear, the sleeping thread must therefore check the work
// itself, not IsRaised.
#ifndef COMMAND_EXPORTER_CORE_BASE_EVENT_FD_HPP_
#define COMMAND_EXPORTER_CORE_BASE_EVENT_FD_HPP_

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

class EventFd {
 public:
  // An event that is already raised stays raised; nothing else can fail.
  void Raise() {
    raised_ = true;
    constexpr std::uint64_t kOne = 1;
    [[maybe_unused]] const auto written =
        ::write(event_.get(), &kOne, sizeof kOne);
  }

  void Clear() {
    raised_ = false;
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got =
        ::read(event_.get(), &count, sizeof count);
  }

  // Correct also when the system gave no descriptor.
  bool IsRaised() const { return raised_; }

  // Readable while the event is raised; negative when the system gave none.
  int fd() const { return event_.get(); }

 private:
  std::atomic<bool> raised_ = false;
  UniqueFd event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_EVENT_FD_HPP_
