#include "core/base/log_output.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <string>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

// PIPE_BUF: write(2) puts this many bytes into a pipe at once or not at all,
// and poll(2) reports a pipe as writable when this many fit.
constexpr std::size_t kPiece = 4096;

// Writes to a descriptor without waiting.
class Writer {
 public:
  explicit Writer(int fd) : fd_(fd) {
    struct stat status {};

    if (::fstat(fd, &status) != 0) {
      return;
    }
    is_file_ = S_ISREG(status.st_mode);
    is_socket_ = S_ISSOCK(status.st_mode);
    if (S_ISFIFO(status.st_mode)) {
      // Opening may fail, because the pipe can belong to another user. In that
      // case poll(2) decides.
      const std::string path = "/proc/self/fd/" + std::to_string(fd);
      pipe_.Reset(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    }
  }

  // Returns the bytes written; 0: no room, or no reader.
  std::size_t Write(std::string_view piece) const {
    ssize_t written = -1;
    do {
      if (is_socket_) {
        written = ::send(fd_, piece.data(), piece.size(),
                         MSG_DONTWAIT | MSG_NOSIGNAL);
      } else if (pipe_) {
        written = ::write(pipe_.get(), piece.data(), piece.size());
      } else if (is_file_ || TakesAPiece()) {
        written = ::write(fd_, piece.data(), piece.size());
      } else {
        return 0;
      }
    } while (written < 0 && errno == EINTR);
    return written > 0 ? static_cast<std::size_t>(written) : 0;
  }

 private:
  bool TakesAPiece() const {
    pollfd interest{fd_, POLLOUT, 0};
    return ::poll(&interest, 1, 0) == 1 &&
           (static_cast<unsigned>(interest.revents) & unsigned{POLLOUT}) != 0;
  }

  int fd_;
  UniqueFd pipe_;
  bool is_file_{};
  bool is_socket_{};
};

}  // namespace

bool LogOutput::Write(std::string_view line) {
  const Writer writer(fd_);
  if (cut_ && writer.Write("\n") == 0) {
    return false;
  }
  cut_ = false;
  const std::size_t size = line.size();
  while (!line.empty()) {
    const std::size_t written = writer.Write(line.substr(0, kPiece));
    if (written == 0) {
      cut_ = line.size() != size;
      return false;
    }
    line.remove_prefix(std::min(written, line.size()));
  }
  return true;
}

}  // namespace command_exporter
