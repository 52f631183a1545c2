// WriteAll: calls write(2) until all bytes are written.
//
// Thread safety: pure but for the descriptor.
#ifndef COMMAND_EXPORTER_CORE_BASE_WRITE_ALL_HPP_
#define COMMAND_EXPORTER_CORE_BASE_WRITE_ALL_HPP_

#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <string_view>

namespace command_exporter {

// For a blocking descriptor. False: errno has the reason.
inline bool WriteAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
    } else if (written == 0) {  // no file of ours returns 0
      errno = EIO;
      return false;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_WRITE_ALL_HPP_
