// The text of --version.
//
// Thread safety: pure.
#ifndef COMMAND_EXPORTER_CORE_CLI_VERSION_TEXT_HPP_
#define COMMAND_EXPORTER_CORE_CLI_VERSION_TEXT_HPP_

#include <string>

namespace command_exporter {

// Its first line has the form that packages and roles of the ecosystem read;
// then what the program is built with.
std::string VersionText();

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CLI_VERSION_TEXT_HPP_
