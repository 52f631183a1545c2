// Where the program and the tree are.
//
// Constants of one file and no macros of all: what has a path of this machine
// in its flags is compiled anew in each clone.
//
// Thread safety: constants.
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_PATHS_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_PATHS_HPP_

namespace command_exporter::test {

extern const char* const kProgram;
extern const char* const kSourceFolder;

}  // namespace command_exporter::test

#endif  // COMMAND_EXPORTER_TESTS_SUPPORT_PATHS_HPP_
