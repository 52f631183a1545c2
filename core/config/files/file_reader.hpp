// Reads one configuration file, in the process that has the right to.
//
// open(2) is called directly, so that errno explains a failure. Only regular
// files are accepted: a FIFO would block the start, and a second reading (for a
// reload) must give the file again.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_READER_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_READER_HPP_

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

namespace command_exporter {

// Errors: what is wrong with the file and how to fix it, without its path.
Result<std::string> ReadConfigFile(const std::string& path);

// The error for a path that leads to something else; `mode` is stat's.
Error NotRegular(std::uint32_t mode);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_READER_HPP_
