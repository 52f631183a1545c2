// How bytes are laid out between the process that asks for an evaluation and
// the one that runs it: numbers of 32 bits and texts with their size before
// them. Both are forks of one program, so nothing else needs to agree.
//
// Thread safety: pure functions; a WireReader has one owner.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_WIRE_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_WIRE_HPP_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

namespace command_exporter {

// What does not fit is written as the largest that does.
inline void AppendNumber32(std::string& out, std::size_t number) {
  const auto small = static_cast<std::uint32_t>(
      std::min<std::size_t>(number, std::numeric_limits<std::uint32_t>::max()));
  out.append(reinterpret_cast<const char*>(&small), sizeof small);
}

// Requires: less than 4 GiB.
inline void AppendText(std::string& out, std::string_view text) {
  AppendNumber32(out, text.size());
  out += text;
}

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  // False: the bytes end before it does; then nothing was taken.
  bool Number32(std::uint32_t& number) {
    if (rest_.size() < sizeof number) {
      return false;
    }
    std::memcpy(&number, rest_.data(), sizeof number);
    rest_.remove_prefix(sizeof number);
    return true;
  }

  bool Text(std::string_view& text) {
    const std::string_view before = rest_;
    std::uint32_t size = 0;
    if (!Number32(size) || rest_.size() < size) {
      rest_ = before;
      return false;
    }
    text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return true;
  }

  bool Byte(char& byte) {
    if (rest_.empty()) {
      return false;
    }
    byte = rest_.front();
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_WIRE_HPP_
