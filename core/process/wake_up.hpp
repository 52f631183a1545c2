// WakeUp: how other threads call a thread that sleeps in epoll_wait or poll.
//
// Thread safety: Raise from any thread; Clear from the one that sleeps.
// eventfd(2).
#ifndef COMMAND_EXPORTER_CORE_PROCESS_WAKE_UP_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_WAKE_UP_HPP_

#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

class WakeUp {
 public:
  int fd() const { return event_.get(); }

  // An event that is already raised stays so; nothing else can fail.
  void Raise() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written =
        ::write(event_.get(), &one, sizeof one);
  }

  void Clear() {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got =
        ::read(event_.get(), &count, sizeof count);
  }

 private:
  UniqueFd event_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_WAKE_UP_HPP_
