#include "core/base/close_files.hpp"

#include <dirent.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "core/base/number.hpp"

namespace command_exporter {
namespace {

constexpr int kFirst = STDERR_FILENO + 1;

bool CloseRange(unsigned from, unsigned to) {
  return from > to || ::syscall(SYS_close_range, from, to, 0U) == 0;
}

bool CloseEach(int kept) {
  const auto files = OpenFds();
  for (const int file : files.value_or(std::vector<int>{})) {
    if (file >= kFirst && file != kept) {
      ::close(file);
    }
  }
  return files.has_value();
}

}  // namespace

std::optional<std::vector<int>> OpenFds() {
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"),
                                                   &::closedir);
  if (folder == nullptr) {
    return std::nullopt;
  }
  std::vector<int> fds;
  while (const dirent* const entry = ::readdir(folder.get())) {
    if (const auto fd = ParseInteger<int>(&entry->d_name[0])) {
      fds.push_back(*fd);
    }
  }
  return fds;
}

std::optional<std::size_t> CountOpenFds() {
  // Since Linux 6.2 the folder's size is the number of its entries; before, it
  // was 0.
  struct stat folder {};

  if (::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0) {
    return static_cast<std::size_t>(folder.st_size);
  }
  const auto fds = OpenFds();
  return fds ? std::optional(fds->size() - 1)
             : std::nullopt;  // one of them was the list itself
}

bool CloseAllBut(int kept) {
  const auto after = static_cast<unsigned>(std::max(kept, kFirst - 1)) + 1;
  const bool closed =
      (kept <= kFirst || CloseRange(kFirst, static_cast<unsigned>(kept) - 1)) &&
      CloseRange(after, ~0U);
  return closed || CloseEach(kept);
}

}  // namespace command_exporter
