// The paths of the program and of the tree.
//
// Constants in one file instead of macros for all files: a file with a path in
// its compiler flags is compiled again in each clone.
//
// Thread safety: constants.
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_PATHS_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_PATHS_HPP_

namespace command_exporter::test {

extern const char* const kProgram;
extern const char* const kSourceFolder;

}  // namespace command_exporter::test

#endif  // COMMAND_EXPORTER_TESTS_SUPPORT_PATHS_HPP_
