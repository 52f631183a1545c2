// NothingLeft: the proof at the end of every test of the engine.
//
// Created when all is idle, checked when all should be idle again: no process
// has the marker of a run of the watched processes or descends from them, there
// is no zombie, and each has its original descriptors.
//
//   NothingLeft nothing_left({launcher_pid});
//   ...
//   CHECK(nothing_left.Check() == "");
//
// Thread safety: none. Reads all of /proc; needs the right to do so.
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_NOTHING_LEFT_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_NOTHING_LEFT_HPP_

#include <sys/types.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace command_exporter {

// Descriptor number -> the target in /proc/PID/fd. Empty for a dead process,
// and for one of the exporter's unless this is root: use NEEDS(root).
std::map<int, std::string> OpenDescriptors(pid_t pid);

// All living processes and zombies below these, without the roots themselves.
std::set<pid_t> DescendantsOf(const std::vector<pid_t>& roots);

// Processes with an environment variable that begins with `start`.
std::set<pid_t> ProcessesWithVariable(const std::string& start);

class NothingLeft {
 public:
  // `roots`: the launcher, and any other process whose descendants and
  // descriptors are watched. Their present descendants may stay. `variable`
  // ("NAME=value"): another mark of processes that must be gone.
  explicit NothingLeft(std::vector<pid_t> roots, std::string variable = "");

  // Empty as soon as nothing is left; otherwise, after `patience`, what is
  // left. A dead root is checked only for its marker.
  std::string Check(std::chrono::milliseconds patience = std::chrono::seconds{
                        2}) const;

 private:
  std::string Look() const;

  std::vector<pid_t> roots_;
  std::string variable_;
  std::set<pid_t> allowed_;
  std::map<pid_t, std::map<int, std::string>> descriptors_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_SUPPORT_NOTHING_LEFT_HPP_
