// NEEDS(probe): the one way for a test not to run.
//
//   TEST_CASE("a program on a hung mount costs its own run only") {
//     NEEDS(root);
//     NEEDS(fuse);
//
// A probe tries the thing itself, once, and tells why it cannot be had here.
// The case then ends with the line `skipped: PROBE: WHY`, by which ctest counts
// it as skipped, so NEEDS stands before all else. tests/expected_skips.txt
// names every case with its probes, and `house: skips` holds the two together:
// no test can be left out in silence, on any machine.
//
// tests/e2e/support.py has the same probes for tests of the whole program.
//
// Thread safety: none; to be asked before a test makes threads (some fork).
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_PROBES_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_PROBES_HPP_

#include <string>

namespace command_exporter {

// Each returns why not; empty: it can be had.
namespace probes {

// To be root, with the right to become somebody else.
std::string root();
// To mount a file system that this process serves.
std::string fuse();
// A PID namespace with its own /proc.
std::string pid_namespace();
// The same, and the right to say which pid its next process gets.
std::string pid_counter();
// A user namespace, in which one is root.
std::string user_namespace();
// A folder of cgroup v2 in which groups can be made and entered.
std::string cgroup();
// The same, with the controller that bounds memory.
std::string cgroup_memory();
// The same, with the controller that bounds the number of processes.
std::string cgroup_pids();
// An IPv6 address on the loopback.
std::string ipv6();

}  // namespace probes

// A new folder of cgroup v2 with these controllers ("memory") switched on for
// the groups in it; empty, with `why`, where there can be none. The caller
// removes it with rmdir(2).
std::string MakeCgroup(const char* controller, std::string& why);

// Prints the line that ctest looks for. True when `why` says something.
bool Skips(const char* probe, const std::string& why);

}  // namespace command_exporter

// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): it must leave the case.
#define NEEDS(probe)                                                    \
  if (::command_exporter::Skips(#probe,                                 \
                                ::command_exporter::probes::probe())) { \
    return;                                                             \
  }                                                                     \
  static_assert(true)

#endif  // COMMAND_EXPORTER_TESTS_SUPPORT_PROBES_HPP_
