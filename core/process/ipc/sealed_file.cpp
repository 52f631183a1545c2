#include "core/process/ipc/sealed_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstddef>

#include "core/base/system_error.hpp"
#include "core/base/write_all.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20U;
constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

Error TooLarge() {
  return Error{"the configuration is larger than 64 MiB"};
}

}  // namespace

Result<UniqueFd> SealText(const char* name, std::string_view bytes) {
  if (bytes.size() > kMaxBytes) {
    return TooLarge();
  }
  UniqueFd file{::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  if (!file) {
    return SystemError("memfd_create");
  }
  if (!WriteAll(file.get(), bytes)) {
    const bool limited = errno == EFBIG;
    Error error = SystemError("writing a memory file");
    if (limited) {
      error.message +=
          " (raise LimitFSIZE= of the systemd unit, or \"ulimit -f\")";
    }
    return error;
  }
  if (::fcntl(file.get(), F_ADD_SEALS, kSeals) != 0) {
    return SystemError("sealing a memory file");
  }
  return file;
}

bool IsSealed(int fd) {
  const int seals = ::fcntl(fd, F_GET_SEALS);
  return seals >= 0 && (seals & kSeals) == kSeals;
}

Result<std::string> ReadSealedText(int fd) {
  if (!IsSealed(fd)) {
    return Error{"the descriptor is not a sealed memory file"};
  }

  struct stat status {};

  if (::fstat(fd, &status) != 0) {
    return SystemError("fstat");
  }
  const auto size = static_cast<std::size_t>(status.st_size);
  if (size > kMaxBytes) {
    return TooLarge();
  }
  std::string text(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    // pread, because all processes with this file share its offset.
    const ssize_t got =
        ::pread(fd, text.data() + done, size - done, static_cast<off_t>(done));
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got <= 0) {
      return SystemError("reading a memory file");
    }
    done += static_cast<std::size_t>(got);
  }
  return text;
}

}  // namespace command_exporter
