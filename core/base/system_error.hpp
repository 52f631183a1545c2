// SystemError: why a system call failed, as an Error.
//
// Thread safety: reads the caller's errno(3).
#ifndef COMMAND_EXPORTER_CORE_BASE_SYSTEM_ERROR_HPP_
#define COMMAND_EXPORTER_CORE_BASE_SYSTEM_ERROR_HPP_

#include <cerrno>
#include <string>
#include <system_error>

#include "core/base/result.hpp"

namespace command_exporter {

// "fork: Resource temporarily unavailable", from errno.
inline Error SystemError(const std::string& call) {
  const int error = errno;  // before anything else changes it
  return Error{call + ": " + std::system_category().message(error)};
}

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_SYSTEM_ERROR_HPP_
