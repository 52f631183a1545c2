// The program. Everything it does is in core/cli.
#include "core/cli/run_program.hpp"

int main(int argc, char** argv) {
  return command_exporter::RunProgram(argc, argv);
}
