// Who is below a process, for the tests of whole services.
//
// Thread safety: none is needed; ReapOwn takes every status that is there.
#ifndef COMMAND_EXPORTER_TESTS_CORE_PROCESS_PROCESS_TREE_HPP_
#define COMMAND_EXPORTER_TESTS_CORE_PROCESS_PROCESS_TREE_HPP_

#include <sys/types.h>

#include <set>
#include <string>

namespace command_exporter {

// All of them, zombies too, for a proof that nobody is there. Looks at all of
// /proc.
std::set<pid_t> Below(pid_t root);

// By the kernel's lists of children, which costs little but may miss one while
// another one ends (proc(5)): for who waits for somebody.
std::set<pid_t> SeenBelow(pid_t root);

// Empty when there is no such process.
std::string NameOf(pid_t pid);

// Zombies of the test itself.
void ReapOwn();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_CORE_PROCESS_PROCESS_TREE_HPP_
