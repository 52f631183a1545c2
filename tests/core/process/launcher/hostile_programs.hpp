// Programs that try to outlive their run.
//
// The test binary itself is the program: run with HOSTILE=name in its
// environment it plays that part instead of the tests, so that no shell slows
// it down and nothing must be built or found. Each program ends after a while,
// even if nobody ends it.
//
// Thread safety: none.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HOSTILE_PROGRAMS_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HOSTILE_PROGRAMS_HPP_

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "core/process/command/command_table.hpp"

namespace command_exporter {

// hop    forks, ends, continues in the child in a new session, without end
// hop_nameless  the same, after it has overwritten its environment
// family a background child, a setsid helper, a daemon and a daemon that has
//        overwritten its environment; reports after a while whether all of them
//        live, and leaves them behind
// mask   leaves a daemon that has mapped the file $HOSTILE_FILE over its
//        environment
// crowd  5,000 children that wait; prints a line when all of them live
// storm  creates orphans that end at once, as fast as it can
// tree   2^8 processes, each in a session of its own
// bush   125 processes in three levels
// nest   subreapers below subreapers, each with a child
// files  opens files until it reaches its limit, and prints how many and why
// bomb   forks in every process, without end; with a user of its own, up to 60
// rise   setuid root: becomes root in every respect and ignores TERM
CommandSpec Hostile(const std::string& name);

// The same as a file that every user may start, wherever the tests were built.
// The file exists while this object lives.
class HostileFile {
 public:
  HostileFile(std::string name, mode_t mode);
  ~HostileFile();

  HostileFile(const HostileFile&) = delete;
  HostileFile& operator=(const HostileFile&) = delete;

  CommandSpec Spec() const;

 private:
  std::string name_;
  std::filesystem::path folder_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_LAUNCHER_HOSTILE_PROGRAMS_HPP_
