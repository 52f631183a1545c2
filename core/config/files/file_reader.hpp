// Reads one configuration file, as the process that may do so.
//
// The program opens it itself so that the reason of a failure shows. Only
// regular files: a FIFO would block the start, and reading a second time (for
// a reload) must give the file again.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_READER_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_READER_HPP_

#include <cstdint>
#include <string>

#include "core/base/result.hpp"

namespace command_exporter {

// Errors: what is wrong with the file and what to do, without its path.
Result<std::string> ReadConfigFile(const std::string& path);

// What such an error says of a path that leads to something else; `mode` is
// stat's.
Error NotRegular(std::uint32_t mode);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_FILES_FILE_READER_HPP_
