// Wire: the layout of bytes between our own processes.
//
// All of them are forks of one program on one machine, so numbers keep their
// layout in memory, and a text follows its size in 32 bits. Data from another
// process is checked all the same. After the first missing or wrong value, Ok()
// is false, and every later value is empty (or the least, for bounded numbers),
// so that the code that reads a struct needs no branches.
//
// Thread safety: none; each has one owner.
#ifndef COMMAND_EXPORTER_CORE_BASE_WIRE_HPP_
#define COMMAND_EXPORTER_CORE_BASE_WIRE_HPP_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace command_exporter {

class WireWriter {
 public:
  // Appends to `out`, which must outlive it.
  explicit WireWriter(std::string& out) : out_(out) {}

  template <typename T>
  void Number(T value) {
    static_assert(std::is_arithmetic_v<T>);
    out_.append(reinterpret_cast<const char*>(&value), sizeof value);
  }

  // The number of elements that follow. As for a text, it must be below 2^32.
  void Count(std::size_t count) { Number(static_cast<std::uint32_t>(count)); }

  void Text(std::string_view text) {
    Count(text.size());
    out_.append(text);
  }

  template <typename AnyTexts>
  void Texts(const AnyTexts& texts) {
    Count(texts.size());
    for (const std::string& text : texts) {
      Text(text);
    }
  }

 private:
  std::string& out_;
};

class WireReader {
 public:
  explicit WireReader(std::string_view bytes) : rest_(bytes) {}

  bool Ok() const { return ok_; }

  bool AtEnd() const { return ok_ && rest_.empty(); }

  // The unread bytes.
  std::string_view rest() const { return rest_; }

  template <typename T>
  T Number() {
    static_assert(std::is_arithmetic_v<T>);
    T value{};
    const std::string_view bytes = Take(sizeof value);
    if (ok_) {
      std::memcpy(&value, bytes.data(), sizeof value);
    }
    return value;
  }

  // Within these bounds, both included.
  template <typename T>
  T Bounded(T least, T most) {
    const T value = Number<T>();
    ok_ = ok_ && value >= least && value <= most;
    return ok_ ? value : least;
  }

  bool Flag() { return Bounded<std::uint8_t>(0, 1) == 1; }

  // A view into the bytes that are read.
  std::string_view View() { return Take(Number<std::uint32_t>()); }

  std::string Text() { return std::string(View()); }

  // For execve and chdir, which end a text at a NUL.
  std::string CText() {
    std::string text = Text();
    ok_ = ok_ && text.find('\0') == std::string::npos;
    return text;
  }

  // A number of elements that take at least `element` bytes each.
  std::size_t Count(std::size_t element) {
    const std::size_t count = Number<std::uint32_t>();
    ok_ = ok_ && count <= rest_.size() / element;
    return ok_ ? count : 0;
  }

  std::vector<std::string> Texts() {
    std::vector<std::string> texts(Count(sizeof(std::uint32_t)));
    for (std::string& text : texts) {
      text = Text();
    }
    return texts;
  }

  std::vector<std::string> CTexts() {
    std::vector<std::string> texts(Count(sizeof(std::uint32_t)));
    for (std::string& text : texts) {
      text = CText();
    }
    return texts;
  }

 private:
  std::string_view Take(std::size_t size) {
    ok_ = ok_ && size <= rest_.size();
    if (!ok_) {
      return {};
    }
    const std::string_view bytes = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return bytes;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_BASE_WIRE_HPP_
