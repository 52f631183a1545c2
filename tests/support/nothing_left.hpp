// NothingLeft: the proof that ends every test of the engine.
//
// Taken when all is quiet, asked when all should be quiet again: no process
// carries the marker of one of the watched processes' runs or descends from
// them, no zombie, and each has the descriptors that it had.
//
//   NothingLeft nothing_left({launcher_pid});
//   ...
//   CHECK(nothing_left.Check() == "");
//
// Thread safety: none. Looks at all of /proc; needs the right to read it.
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_NOTHING_LEFT_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_NOTHING_LEFT_HPP_

#include <sys/types.h>

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace command_exporter {

// Descriptor number -> what /proc/PID/fd says it is. Empty for a dead process.
std::map<int, std::string> OpenDescriptors(pid_t pid);

// All living processes and zombies below these, not the roots themselves.
std::set<pid_t> DescendantsOf(const std::vector<pid_t>& roots);

// Processes whose environment holds a variable that begins with `start`.
std::set<pid_t> ProcessesWithVariable(const std::string& start);

class NothingLeft {
 public:
  // `roots`: the launcher, and any other process whose descendants and
  // descriptors are watched. What descends from them now may stay. `variable`
  // ("NAME=value"): a further mark of processes that must be gone.
  explicit NothingLeft(std::vector<pid_t> roots, std::string variable = "");

  // Empty as soon as nothing is left; else, when `patience` is over, what is.
  // A root that has died is asked for its marker only.
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
