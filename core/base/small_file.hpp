// ReadSmallFile: the whole content of a file of /proc or /sys.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_BASE_SMALL_FILE_HPP_
#define COMMAND_EXPORTER_CORE_BASE_SMALL_FILE_HPP_

#include <fstream>
#include <sstream>
#include <string>

namespace command_exporter {

// Empty when it cannot be read.
inline std::string ReadSmallFile(const char* path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();  // treats a failed read(2) as the end
  return text.str();
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_SMALL_FILE_HPP_
