#include "core/jq/jq_messages.hpp"

#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <utility>

namespace command_exporter {
namespace {

// A mark that no message ends in.
constexpr std::string_view kMark{"\0ended\0", 7};

constexpr std::size_t kMost = std::size_t{128} << 10U;

}  // namespace

void WriteJqMessage(int fd, std::string_view text) {
  (void)!::write(fd, text.data(), text.size());
}

void WriteJqStatus(int fd, int status) {
  std::string bytes(kMark);
  bytes.append(reinterpret_cast<const char*>(&status), sizeof status);
  WriteJqMessage(fd, bytes);
}

void AppendJqMessages(std::string& messages, std::string_view bytes) {
  messages += bytes;
  if (messages.size() > kMost) {
    messages.erase(0, messages.size() - kMost / 2);
  }
}

JqMessages ReadJqMessages(std::string bytes) {
  JqMessages messages{std::move(bytes)};
  const std::size_t mark = messages.text.rfind(kMark);
  int status = 0;
  if (mark != std::string::npos &&
      messages.text.size() == mark + kMark.size() + sizeof status) {
    std::memcpy(&status, messages.text.data() + mark + kMark.size(),
                sizeof status);
    messages.status = status;
    messages.text.resize(mark);
  }
  return messages;
}

}  // namespace command_exporter
