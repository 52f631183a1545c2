// The program. Everything it does is in core/cli.
#include "core/cli/run.hpp"

int main(int argc, char** argv) {
  return command_exporter::Run(argc, argv);
}
