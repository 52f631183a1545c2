#include "core/process/system/proc_text.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace command_exporter {

UniqueFd OpenProcFile(const std::string& path) {
  return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

void ReadProcFile(int fd, std::size_t limit, std::size_t short_read,
                  std::string& text) {
  std::size_t size = 0;
  for (;;) {
    text.resize(std::max(text.capacity(), size + kProcChunk));
    const ssize_t got = ::pread(fd, text.data() + size, text.size() - size,
                                static_cast<off_t>(size));
    if (got <= 0) {
      break;
    }
    size += static_cast<std::size_t>(got);
    if (size >= limit || static_cast<std::size_t>(got) < short_read) {
      break;
    }
  }
  text.resize(size);
}

std::string_view ReadProcStart(int fd, std::span<char> buffer) {
  const ssize_t got = ::pread(fd, buffer.data(), buffer.size(), 0);
  return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

long NumberAt(std::string_view text, std::size_t position) {
  long value = 0;
  if (position < text.size()) {
    std::from_chars(text.data() + position, text.data() + text.size(), value);
  }
  return value;
}

void AppendNumbers(std::string_view text, std::vector<pid_t>& numbers) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    pid_t number = 0;
    const auto result = std::from_chars(at, end, number);
    if (result.ec == std::errc{}) {
      numbers.push_back(number);
    }
    at = result.ptr + 1;
  }
}

}  // namespace command_exporter
