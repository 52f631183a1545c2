#include "core/config/files/absent_files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <optional>
#include <system_error>

#include "core/base/deadline.hpp"
#include "core/base/text.hpp"
#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

using std::chrono_literals::operator""s;

constexpr Duration kWait = 2s;
constexpr Duration kWaitForAll = 6s;

// errno of stat(2), 0 if the file is there. None: no answer in time; the
// process that looks cannot even be killed while its mount hangs, and is left
// alone.
std::optional<int> LookAt(const std::string& path, Deadline until) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return errno;
  }
  const UniqueFd read_end(ends[0]);
  UniqueFd write_end(ends[1]);
  const pid_t pid = ::fork();
  if (pid == 0) {
    struct stat facts {};

    const int error = ::stat(path.c_str(), &facts) == 0 ? 0 : errno;
    ::_exit(::write(write_end.get(), &error, sizeof error) < 0 ? 1 : 0);
  }
  if (pid < 0) {
    return errno;
  }
  write_end.Reset();
  pollfd answer{read_end.get(), POLLIN, 0};
  ::poll(&answer, 1, MillisecondsUntil(until));
  int error = 0;
  const bool has_answer =
      answer.revents != 0 &&
      ::read(read_end.get(), &error, sizeof error) == sizeof error;
  if (!has_answer) {
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, WNOHANG);
    return std::nullopt;
  }
  ::waitpid(pid, nullptr, 0);
  return error;
}

std::string Cannot(const CollectorConfig& collector, const std::string& why) {
  return ToString(collector.schedule.file_position) + ": collector " +
         Quote(collector.name) + ": when: cannot look for " +
         Quote(collector.schedule.file) + " (" + why +
         "), so the collector is off";
}

}  // namespace

AbsentCollectors FindAbsentCollectors(const Config& config) {
  AbsentCollectors absent;
  const Deadline all = Deadline::After(kWaitForAll);
  for (const CollectorConfig& collector : config.collectors) {
    const std::string& path = collector.schedule.file;
    if (path.empty() || !collector.enabled) {
      continue;
    }
    const std::optional<int> error =
        LookAt(path, std::min(all, Deadline::After(kWait)));
    if (error == 0) {
      continue;
    }
    absent.names.push_back(collector.name);
    if (!error) {
      absent.warnings.push_back(
          Cannot(collector, "its file system does not answer"));
    } else if (*error != ENOENT && *error != ENOTDIR) {
      absent.warnings.push_back(
          Cannot(collector, std::generic_category().message(*error)));
    }
  }
  return absent;
}

}  // namespace command_exporter
