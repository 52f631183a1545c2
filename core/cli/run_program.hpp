// RunProgram: the whole program, from its arguments to its exit status.
//
// Thread safety: called once, by main, in a process of one thread.
#ifndef COMMAND_EXPORTER_CORE_CLI_RUN_PROGRAM_HPP_
#define COMMAND_EXPORTER_CORE_CLI_RUN_PROGRAM_HPP_

namespace command_exporter {

// Throws nothing. 0: done or stopped on request; 1: a usage error, a bad
// configuration, or an address that cannot be bound.
int RunProgram(int argc, char** argv);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_RUN_PROGRAM_HPP_
