#include "tests/support/paths.hpp"

namespace command_exporter::test {

const char* const kProgram = COMMAND_EXPORTER_PROGRAM;
const char* const kSourceFolder = COMMAND_EXPORTER_SOURCE_DIR;

}  // namespace command_exporter::test
