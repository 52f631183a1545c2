// How the readers of /proc open a file, read it and find numbers in it.
//
// Thread safety: pure but for the file system.
#ifndef COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_TEXT_HPP_
#define COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_TEXT_HPP_

#include <dirent.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/unique_fd.hpp"

namespace command_exporter {

// Enough for a file of one line.
inline constexpr std::size_t kSmallProcFile = 512;
// A page, which is the most that the kernel gives in one read of a list.
inline constexpr std::size_t kProcChunk = 4096;

UniqueFd OpenProcFile(const std::string& path);

// Reads the file from its beginning to its end, to `limit`, or until a read
// gives less than `short_read`.
void ReadProcFile(int fd, std::size_t limit, std::size_t short_read,
                  std::string& text);

// The beginning of the file, in one read; empty when it cannot be read.
std::string_view ReadProcStart(int fd, std::span<char> buffer);

// The number that starts at `position`; 0 if none does.
long NumberAt(std::string_view text, std::size_t position);

// Whole numbers with anything between them.
void AppendNumbers(std::string_view text, std::vector<pid_t>& numbers);

struct CloseDirectory {
  void operator()(DIR* directory) const { ::closedir(directory); }
};

// Null: it cannot be opened.
using Directory = std::unique_ptr<DIR, CloseDirectory>;

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_PROCESS_SYSTEM_PROC_TEXT_HPP_
