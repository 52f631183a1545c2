#include "tests/support/nothing_left.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>
#include <thread>
#include <utility>

namespace command_exporter {
namespace {

std::string ReadFile(const std::string& path) {
  // Not with an iterator, which throws when the process ends during the read.
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string ProcPath(pid_t pid, const char* name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::vector<pid_t> AllProcesses() {
  std::vector<pid_t> pids;
  std::error_code error;
  for (std::filesystem::directory_iterator at("/proc", error), end;
       !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      pids.push_back(std::stoi(name));
    }
  }
  return pids;
}

// State and parent, read after the name, which may contain anything.
std::pair<char, pid_t> StateAndParent(pid_t pid) {
  const std::string stat = ReadFile(ProcPath(pid, "stat"));
  const std::size_t end = stat.rfind(')');
  if (end == std::string::npos) {
    return {'X', 0};
  }
  std::istringstream rest(stat.substr(end + 1));
  char state = 'X';
  pid_t parent = 0;
  rest >> state >> parent;
  return {state, parent};
}

std::string Describe(pid_t pid) {
  std::string command = ReadFile(ProcPath(pid, "cmdline"));
  std::replace(command.begin(), command.end(), '\0', ' ');
  return std::to_string(pid) + " (" + StateAndParent(pid).first + ") " +
         command;
}

bool HasVariable(pid_t pid, const std::string& start) {
  const std::string environment =
      std::string(1, '\0') + ReadFile(ProcPath(pid, "environ"));
  return environment.find('\0' + start) != std::string::npos;
}

std::string Difference(const std::map<int, std::string>& before,
                       const std::map<int, std::string>& now) {
  std::string text;
  for (const auto& [fd, target] : now) {
    const auto found = before.find(fd);
    if (found == before.end() || found->second != target) {
      text += " +" + std::to_string(fd) + "=" + target;
    }
  }
  for (const auto& [fd, target] : before) {
    if (now.count(fd) == 0) {
      text += " -" + std::to_string(fd) + "=" + target;
    }
  }
  return text;
}

}  // namespace

std::map<int, std::string> OpenDescriptors(pid_t pid) {
  std::map<int, std::string> descriptors;
  std::error_code error;
  for (std::filesystem::directory_iterator at(ProcPath(pid, "fd"), error), end;
       !error && at != end; at.increment(error)) {
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(at->path(), gone);
    if (!gone) {
      descriptors[std::stoi(at->path().filename())] = target.string();
    }
  }
  return descriptors;
}

std::set<pid_t> DescendantsOf(const std::vector<pid_t>& roots) {
  std::map<pid_t, pid_t> parents;
  for (const pid_t pid : AllProcesses()) {
    parents[pid] = StateAndParent(pid).second;
  }
  std::set<pid_t> found;
  for (const auto& [pid, parent] : parents) {
    // A process that died meanwhile may leave a loop of parents: the steps are
    // counted.
    pid_t above = parent;
    for (std::size_t steps = 0; above > 0 && steps < parents.size(); ++steps) {
      if (std::find(roots.begin(), roots.end(), above) != roots.end()) {
        found.insert(pid);
        break;
      }
      const auto next = parents.find(above);
      above = next == parents.end() ? 0 : next->second;
    }
  }
  for (const pid_t root : roots) {
    found.erase(root);
  }
  return found;
}

std::set<pid_t> ProcessesWithVariable(const std::string& start) {
  std::set<pid_t> found;
  for (const pid_t pid : AllProcesses()) {
    if (HasVariable(pid, start)) {
      found.insert(pid);
    }
  }
  return found;
}

NothingLeft::NothingLeft(std::vector<pid_t> roots, std::string variable)
    : roots_(std::move(roots)),
      variable_(std::move(variable)),
      allowed_(DescendantsOf(roots_)) {
  for (const pid_t root : roots_) {
    descriptors_[root] = OpenDescriptors(root);
  }
}

std::string NothingLeft::Check(std::chrono::milliseconds patience) const {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    std::string left = Look();
    if (left.empty() || std::chrono::steady_clock::now() >= until) {
      return left;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

std::string NothingLeft::Look() const {
  std::set<pid_t> left = DescendantsOf(roots_);
  for (const pid_t root : roots_) {
    left.merge(ProcessesWithVariable(
        "COMMAND_EXPORTER_RUN=" + std::to_string(root) + "."));
  }
  if (!variable_.empty()) {
    left.merge(ProcessesWithVariable(variable_));
  }
  std::string text;
  for (const pid_t pid : left) {
    const bool is_root =
        std::find(roots_.begin(), roots_.end(), pid) != roots_.end();
    if (allowed_.count(pid) == 0 && !is_root) {
      text += "process " + Describe(pid) + "\n";
    }
  }
  for (const auto& [root, before] : descriptors_) {
    const auto now = OpenDescriptors(root);
    const std::string difference = now.empty() ? "" : Difference(before, now);
    if (!difference.empty()) {
      text +=
          "descriptors of " + std::to_string(root) + ":" + difference + "\n";
    }
  }
  return text;
}

}  // namespace command_exporter
