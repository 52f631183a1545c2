#include "core/base/close_files.hpp"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace command_exporter {
namespace {

constexpr int kFirst = STDERR_FILENO + 1;

bool CloseRange(unsigned from, unsigned to) {
  return from > to || ::syscall(SYS_close_range, from, to, 0U) == 0;
}

bool CloseEach(int kept) {
  DIR* const folder = ::opendir("/proc/self/fd");
  if (folder == nullptr) {
    return false;
  }
  std::vector<int> files;
  while (const dirent* const entry = ::readdir(folder)) {
    files.push_back(static_cast<int>(std::strtol(entry->d_name, nullptr, 10)));
  }
  ::closedir(folder);
  for (const int file : files) {
    if (file >= kFirst && file != kept) {
      ::close(file);
    }
  }
  return true;
}

}  // namespace

bool CloseAllBut(int kept) {
  const auto after = static_cast<unsigned>(std::max(kept, kFirst - 1)) + 1;
  const bool closed =
      (kept <= kFirst || CloseRange(kFirst, static_cast<unsigned>(kept) - 1)) &&
      CloseRange(after, ~0U);
  return closed || CloseEach(kept);
}

}  // namespace command_exporter
