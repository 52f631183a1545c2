#include "collectors/start_messages.hpp"

#include <sys/stat.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::uint32_t kAllMayExecute = 0111;
constexpr std::uint32_t kAllMayRead = 0444;

std::string UserOf(const StartDiagnosis& found, const RunDescription& run) {
  return run.user.empty() ? "uid " + std::to_string(found.user)
                          : "user " + Printable(run.user);
}

// The web side asks no name service: its answer may take long.
std::string OwnerOf(const StartDiagnosis& found, const RunDescription& run) {
  if (found.owner == 0) {
    return "root";
  }
  return found.owner == found.user && !run.user.empty()
             ? Printable(run.user)
             : "uid " + std::to_string(found.owner);
}

// " (mode 0700, owner root)"
std::string AccessOf(const StartDiagnosis& found, const RunDescription& run) {
  std::array<char, 16> mode{};
  std::snprintf(mode.data(), mode.size(), "%04o", unsigned{found.mode});
  return std::string(" (mode ") + mode.data() + ", owner " +
         OwnerOf(found, run) + ")";
}

// ": chmod a+x /x/y", for a path that means the same in a shell.
std::string Command(std::string_view command, std::string_view path) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:@";
  return path.find_first_not_of(kPlain) == std::string_view::npos
             ? std::string(command) + std::string(path)
             : std::string{};
}

std::string MissingText(const std::string& path, const RunDescription& run) {
  const std::string& program = run.program;
  if (program.starts_with('~') || program.starts_with('$')) {
    return std::string("no such file: only shells expand ") +
           (program.front() == '~' ? "~" : "variables") +
           "; write the whole path, or use shell";
  }
  if (path.empty()) {
    return "it is in no folder of PATH: install it, or write its whole path";
  }
  if (!program.starts_with('/')) {
    return "no such file; a relative path begins in cwd, which is " +
           Quote(run.cwd.empty() ? "/" : run.cwd);
  }
  return path == program ? "no such file" : Printable(path) + " does not exist";
}

std::string ScriptText(const StartDiagnosis& found, const std::string& it) {
  std::string_view interpreter = found.interpreter;
  if (interpreter.ends_with('\r')) {
    return it + " has Windows line ends, and so names the interpreter " + "\"" +
           Printable(interpreter.substr(0, interpreter.size() - 1)) +
           "\\r\", which does not exist" +
           Command(": sed -i 's/\\r$//' ", found.path);
  }
  return "the interpreter that the first line of " + it +
         " names does not exist: " + Printable(interpreter);
}

std::string ClosedText(const StartDiagnosis& found, const RunDescription& run) {
  const std::string access = Printable(found.path) + AccessOf(found, run);
  const std::string user = UserOf(found, run);
  const bool searched = run.program.find('/') == std::string::npos;
  return searched && found.is_program != 0
             ? "it is in no folder of PATH that " + user +
                   " may enter; closed to this user is " + access
             : user + " may not enter the folder " + access;
}

// A working directory that could not be entered.
std::string CwdText(const StartDiagnosis& found, const RunDescription& run) {
  const std::string path = Printable(found.path);
  const std::string cwd = "cwd " + Printable(run.cwd) + ": ";
  switch (found.obstacle) {
    case StartObstacle::kMissing:
      return cwd + path + " does not exist";
    case StartObstacle::kNoFolder:
      return cwd + path + " is not a folder";
    case StartObstacle::kClosed:
      return cwd + ClosedText(found, run);
    default:
      return {};
  }
}

// Nobody's program gets an advice for everybody: a mode that lets only some
// users execute it, or runs it with other rights, is most likely meant so.
std::string WhoMayText(const StartDiagnosis& found, const RunDescription& run) {
  if ((found.mode & (S_ISUID | S_ISGID)) == 0 &&
      (found.mode & kAllMayExecute) == 0) {
    const bool is_readable = (found.mode & kAllMayRead) == kAllMayRead;
    return Command(is_readable ? ": chmod a+x " : ": chmod a+rx ", found.path);
  }
  if ((found.mode & kAllMayExecute) == kAllMayExecute) {
    return "";
  }
  const std::string group =
      (found.mode & S_IXGRP) != 0
          ? ", or add " + UserOf(found, run) + " to its group"
          : "";
  return ": run it as a user who may (user = \"...\")" + group;
}

}  // namespace

std::string ObstacleText(const StartDiagnosis& found,
                         const RunDescription& run) {
  const std::string path = found.path;
  if (found.is_program == 0) {
    return CwdText(found, run);
  }
  const std::string it = path == run.program ? "it" : Printable(path);
  switch (found.obstacle) {
    case StartObstacle::kNone:
      return {};
    case StartObstacle::kMissing:
      return MissingText(path, run);
    case StartObstacle::kNoFolder:
      return Printable(path) + " is not a folder";
    case StartObstacle::kClosed:
      return ClosedText(found, run);
    case StartObstacle::kNoFile:
      return it + " is not a regular file";
    case StartObstacle::kNotExecutable:
      return UserOf(found, run) + " may not execute " + it +
             AccessOf(found, run) + WhoMayText(found, run);
    case StartObstacle::kMount:
      return it + " is on a file system that is mounted with noexec";
    case StartObstacle::kEmpty:
      return it + " is empty";
    case StartObstacle::kNoInterpreter:
      return it +
             " does not begin with #!: its first line must name its "
             "interpreter, such as #!/bin/sh";
    case StartObstacle::kForeign:
      return it + " is a program for another kind of machine";
    case StartObstacle::kNoLoader:
      return "the loader that " + it +
             " needs does not exist: it was built for another system";
    case StartObstacle::kInterpreterMissing:
      return ScriptText(found, it);
    case StartObstacle::kInterpreterClosed:
      return UserOf(found, run) + " may not execute " +
             Printable(found.interpreter) +
             ", the interpreter that the first line of " + it + " names";
  }
  return {};
}

}  // namespace command_exporter
