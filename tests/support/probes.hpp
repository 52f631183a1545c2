// NEEDS(probe): the only way to skip a test.
//
//   TEST_CASE("a program on a hung mount costs its own run only") {
//     NEEDS(root);
//     NEEDS(fuse);
//
// A probe tries the feature itself, once, and returns the reason if it is
// missing. The case then ends with the line `skipped: PROBE: WHY`, by which
// ctest counts it as skipped, so NEEDS must come first.
// tests/expected_skips.txt names every case with its probes, and `house: skips`
// compares the two: no test can be skipped silently, on any machine.
//
// tests/e2e/probes.py has the same probes for tests of the whole program.
//
// Thread safety: none; call it before a test creates threads (some probes
// fork).
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_PROBES_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_PROBES_HPP_

#include <string>

namespace command_exporter {

// Each returns why the feature is missing; empty: it is available.
namespace probes {

// Running as root, with the right to become another user.
std::string root();
// Mounting a file system that this process serves.
std::string fuse();
// A PID namespace with its own /proc.
std::string pid_namespace();
// The same, and the right to choose the pid of its next process.
std::string pid_counter();
// A user namespace with root in it.
std::string user_namespace();
// A folder of cgroup v2 in which groups can be created and entered.
std::string cgroup();
// The same, with the controller that limits memory.
std::string cgroup_memory();
// The same, with the controller that limits the number of processes.
std::string cgroup_pids();
// An IPv6 address on the loopback.
std::string ipv6();

}  // namespace probes

// A new folder of cgroup v2 with these controllers ("memory") enabled for the
// groups in it; empty, with `why`, if that is not possible. The caller removes
// it with rmdir(2).
std::string MakeCgroup(const char* controller, std::string& why);

// Prints the line that ctest looks for. True if `why` is not empty.
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
