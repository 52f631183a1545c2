// UniqueFd: sole owner of one file descriptor.
//
// close() is not retried on EINTR: Linux has already released the descriptor,
// and a second close could hit a number that another thread got meanwhile.
//
// Thread safety: none; a descriptor has one owner.
#ifndef COMMAND_EXPORTER_CORE_BASE_UNIQUE_FD_HPP_
#define COMMAND_EXPORTER_CORE_BASE_UNIQUE_FD_HPP_

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace command_exporter {

class UniqueFd {
 public:
  UniqueFd() = default;

  explicit UniqueFd(int fd) : fd_(fd) {}

  UniqueFd(UniqueFd&& other) noexcept : fd_(other.Release()) {}

  UniqueFd& operator=(UniqueFd&& other) noexcept {
    Reset(other.Release());
    return *this;
  }

  UniqueFd(const UniqueFd&) = delete;
  UniqueFd& operator=(const UniqueFd&) = delete;

  ~UniqueFd() { Reset(); }

  int get() const { return fd_; }

  explicit operator bool() const { return fd_ >= 0; }

  int Release() { return std::exchange(fd_, -1); }

  void Reset(int fd = -1) {
    const int old = std::exchange(fd_, fd);
    if (old >= 0 && old != fd) {
      ::close(old);
    }
  }

 private:
  int fd_ = -1;
};

// A second descriptor of the same file; empty when the system gives none.
inline UniqueFd Duplicate(const UniqueFd& fd) {
  return UniqueFd{::fcntl(fd.get(), F_DUPFD_CLOEXEC, 0)};
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_UNIQUE_FD_HPP_
