// Sealed memory files: how bytes pass from the loader to the other roles.
//
// A sealed memfd cannot change after its maker let it go, so the reader may
// check once and trust for ever. memfd_create(2), F_ADD_SEALS in fcntl(2).
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
// Refuses a descriptor that is not sealed against every change, or is larger
// than 64 MiB.
Result<std::string> ReadSealedText(int fd);
// A memory file that nobody can change any more.
bool IsSealed(int fd);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_IPC_SEALED_FILE_HPP_
