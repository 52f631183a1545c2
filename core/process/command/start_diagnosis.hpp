// StartDiagnosis: what a new process found when it looked why it could not be
// started.
//
// An errno does not tell a missing script from a missing interpreter, nor which
// folder on the way is closed. So a process that failed looks for itself, with
// the rights of its run (spawn_look.hpp): it sees what the run's user may see,
// and nothing else. The launcher passes the struct on without a look at it.
//
// It has a fixed size, since the process that fills it may allocate nothing,
// and since it travels in one message. Longer texts are cut.
//
// Thread safety: plain values. Invariant: each text ends with a NUL.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_COMMAND_START_DIAGNOSIS_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_COMMAND_START_DIAGNOSIS_HPP_

#include <cstddef>
#include <cstdint>

namespace command_exporter {

// What `path` of the diagnosis is.
enum class StartObstacle : std::uint8_t {
  kNone,           // nothing was found
  kMissing,        // not there; empty: in no folder of PATH
  kNoFolder,       // no folder, but a part of the way
  kClosed,         // a folder that the user may not enter
  kNoFile,         // no regular file
  kNotExecutable,  // a file that the user may not execute
  kMount,          // a file on a file system mounted with noexec
  kEmpty,          // an empty file
  kNoInterpreter,  // a text file whose first line names no interpreter
  kForeign,        // an ELF program that this machine cannot execute
  kNoLoader,       // an ELF program whose loader or libraries are not there
  // A script whose interpreter, named by `interpreter`,
  kInterpreterMissing,  // is not there
  kInterpreterClosed,   // may not be executed by the user
};

struct StartDiagnosis {
  static constexpr std::size_t kPathRoom = 256;
  static constexpr std::size_t kInterpreterRoom = 128;

  StartObstacle obstacle{};
  std::uint8_t is_program{};  // 1: not the working directory
  std::uint16_t mode{};       // permissions of `path`
  std::uint32_t owner{};      // of `path`
  std::uint32_t user{};       // of the process
  char path[kPathRoom]{};
  char interpreter[kInterpreterRoom]{};
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_COMMAND_START_DIAGNOSIS_HPP_
