#include "core/config/files/file_states.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <ctime>

#include "core/config/files/file_reader.hpp"

namespace command_exporter {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kNew = kSecond / 20;

std::int64_t Nanoseconds(const timespec& time) {
  return time.tv_sec * kSecond + time.tv_nsec;
}

// The clock that the kernel writes into files.
std::int64_t FileClock() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  return Nanoseconds(now);
}

}  // namespace

FileStates::State FileStates::StateOf(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0) {
    return {.error = errno};
  }
  return {.device = info.st_dev,
          .inode = info.st_ino,
          .size = info.st_size,
          .modified = Nanoseconds(info.st_mtim),
          .status = Nanoseconds(info.st_ctim)};
}

Result<std::string> FileStates::Read(const std::string& path) {
  const std::int64_t now = FileClock();
  const State state = StateOf(path);
  files_.push_back({path, state});
  // A file from further in the future is of a server with another clock.
  too_new_ =
      too_new_ || (state.status > now - kNew && state.status < now + kSecond);
  return ReadConfigFile(path);
}

FileStates::Verdict FileStates::Judge() {
  for (const File& file : files_) {
    if (changed_.empty() && StateOf(file.path) != file.state) {
      changed_ = file.path;
    }
  }
  if (!changed_.empty()) {
    return Verdict::kChanged;
  }
  return too_new_ ? Verdict::kTooNew : Verdict::kWhole;
}

}  // namespace command_exporter
