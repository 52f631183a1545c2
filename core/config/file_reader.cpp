#include "core/config/file_reader.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

namespace {

// Far above any real one; below what would trouble the hand-over.
constexpr std::size_t kMostBytes = std::size_t{16} << 20U;
constexpr std::size_t kChunk = 65536;

// What the owner and mode of a file mean to root.
Result<std::string> CheckOwner(const struct stat& info) {
  if (::geteuid() != 0) {
    return std::string{};
  }
  if ((info.st_mode & S_IWOTH) != 0) {
    return Error{
        "everybody may write this file, and root would run what it says: "
        "chmod o-w it"};
  }
  if (info.st_uid != 0) {
    return "it belongs to user " + std::to_string(info.st_uid) +
           ", who so decides what root runs: chown root it";
  }
  return std::string{};
}

}  // namespace

Result<FileText> ReadConfigFile(const std::string& path) {
  const UniqueFd file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  struct stat info = {};
  if (!file || ::fstat(file.get(), &info) != 0) {
    return Error{std::strerror(errno)};
  }
  if (!S_ISREG(info.st_mode)) {
    return Error{S_ISDIR(info.st_mode) ? "it is a folder, not a file"
                                       : "it is not a regular file"};
  }
  auto warning = CheckOwner(info);
  if (!warning) {
    return warning.error();
  }
  FileText result{.text = {}, .warning = std::move(*warning)};
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
      return result;
    }
    result.text.append(buffer.data(), static_cast<std::size_t>(count));
    if (result.text.size() > kMostBytes) {
      return Error{"it is longer than 16 MiB, so it is no configuration"};
    }
  }
}

}  // namespace command_exporter
