// The descendants of a process, for the tests of whole services.
//
// Thread safety: not needed; ReapOwn takes every available status.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_PROCESS_TREE_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_PROCESS_TREE_HPP_

#include <sys/types.h>

#include <set>
#include <string>

namespace command_exporter {

// All of them, including zombies, as a proof that none is left. Reads all of
// /proc.
std::set<pid_t> Below(pid_t root);

// Uses the kernel's lists of children, which is cheap but may miss a process
// while another one ends (proc(5)): for waiting until a process appears.
std::set<pid_t> SeenBelow(pid_t root);

// Empty if there is no such process.
std::string NameOf(pid_t pid);

// Reaps zombies of the test itself.
void ReapOwn();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_PROCESS_TREE_HPP_
