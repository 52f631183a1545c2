// The text of --version.
//
// Thread safety: pure.
#ifndef COMMAND_EXPORTER_CORE_CLI_VERSION_TEXT_HPP_
#define COMMAND_EXPORTER_CORE_CLI_VERSION_TEXT_HPP_

#include <string>

namespace command_exporter {

// The first line has the form that packages and roles of the ecosystem parse;
// the others name the libraries of the build.
std::string VersionText();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_VERSION_TEXT_HPP_
