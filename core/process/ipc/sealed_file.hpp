// Sealed memory files: pass bytes from the loader to the other roles.
//
// Nobody can change a sealed memfd, so one check by the reader is enough.
// memfd_create(2), F_ADD_SEALS in fcntl(2).
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_IPC_SEALED_FILE_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_IPC_SEALED_FILE_HPP_

#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/base/unique_fd.hpp"

namespace command_exporter {

Result<UniqueFd> SealText(const char* name, std::string_view bytes);
// Rejects a descriptor that is not sealed against every change, or that has
// more than 64 MiB.
Result<std::string> ReadSealedText(int fd);
// True for a memory file that nobody can change any more.
bool IsSealed(int fd);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_SEALED_FILE_HPP_
