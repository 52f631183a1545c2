#include "tests/core/process/process_tree.hpp"

#include <sys/wait.h>

#include <fstream>
#include <ios>

#include "tests/support/nothing_left.hpp"

namespace command_exporter {

std::set<pid_t> Below(pid_t root) {
  for (;;) {
    try {  // again if a process ended during the look
      return DescendantsOf({root});
    } catch (const std::ios_base::failure&) {
      continue;
    }
  }
}

std::set<pid_t> SeenBelow(pid_t root) {
  std::set<pid_t> seen;
  const std::string number = std::to_string(root);
  std::ifstream children("/proc/" + number + "/task/" + number + "/children");
  for (pid_t pid = 0; children >> pid;) {
    seen.insert(pid);
    seen.merge(SeenBelow(pid));
  }
  return seen;
}

std::string NameOf(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/comm");
  std::string name;
  std::getline(file, name);
  return name;
}

void ReapOwn() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
}

}  // namespace command_exporter
