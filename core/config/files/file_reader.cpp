#include "core/config/files/file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

namespace {

// Far above any real file; small enough to hand over to another process.
constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
constexpr std::size_t kChunk = 65536;

}  // namespace

Error NotRegular(std::uint32_t mode) {
  return Error{S_ISDIR(mode) ? "it is a folder, not a file"
                             : "it is not a regular file"};
}

Result<std::string> ReadConfigFile(const std::string& path) {
  struct stat info = {};
  // Checked before open, because opening some devices has an effect, and again
  // on the opened file.
  if (::stat(path.c_str(), &info) != 0) {
    return Error{std::strerror(errno)};
  }
  if (!S_ISREG(info.st_mode)) {
    return NotRegular(info.st_mode);
  }
  const UniqueFd file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!file || ::fstat(file.get(), &info) != 0) {
    return Error{std::strerror(errno)};
  }
  if (!S_ISREG(info.st_mode)) {
    return NotRegular(info.st_mode);
  }
  std::string text;
  std::array<char, kChunk> buffer{};
  while (true) {
    const ssize_t count = ::read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return Error{std::strerror(errno)};
    }
    if (count == 0) {
      return text;
    }
    text.append(buffer.data(), static_cast<std::size_t>(count));
    if (text.size() > kMostBytes) {
      return Error{"it is longer than 16 MiB, so it is no configuration"};
    }
  }
}

}  // namespace command_exporter
