// StopSignal: a request to stop that poll(2) can wait for.
//
// eventfd(2)
//
// Thread safety: may be set and asked by any thread. Invariant: once set, it
// stays so.
#ifndef COMMAND_EXPORTER_CORE_BASE_EVENT_FD_HPP_
#define COMMAND_EXPORTER_CORE_BASE_EVENT_FD_HPP_

#include <sys/eventfd.h>

#include <atomic>
#include <cstdint>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

class StopSignal {
 public:
  StopSignal() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  void Set() {
    set_ = true;
    constexpr std::uint64_t kOne = 1;
    // Without a descriptor who waits finds it out later.
    (void)!::write(event_.get(), &kOne, sizeof kOne);
  }

  bool IsSet() const { return set_; }

  // Readable once it is set; negative when the system gave none.
  int fd() const { return event_.get(); }

 private:
  std::atomic<bool> set_ = false;
  UniqueFd event_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_EVENT_FD_HPP_
