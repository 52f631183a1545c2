// JqRecordWriter: the results of an evaluation while it runs, as bytes in a
// pipe.
//
// A record says that an item begins, that it has a field, that a field's number
// is not finite, that the evaluation failed, or that it is complete.
//
// Thread safety: none; it has one owner.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_RECORD_WRITER_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_RECORD_WRITER_HPP_

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/reason.hpp"

namespace command_exporter {

// A byte that says what follows it.
enum class JqRecord : char {
  kItem = 'i',       // its line
  kField = 'f',      // its name, its text
  kNotFinite = 'n',  // the same
  kFailure = 'x',    // the byte of its reason, its message
  kEnd = 'e',        // nothing
};

// Ends its process when the reader has closed the pipe.
class JqRecordWriter {
 public:
  explicit JqRecordWriter(int fd) : fd_(fd) {}

  void Item(std::size_t line);
  void Field(std::string_view name, std::string_view text);
  void NotFinite(std::string_view name, std::string_view text);
  // The last record is one of these.
  void Fail(const Failure& failure);
  void End();

 private:
  void AddField(JqRecord kind, std::string_view name, std::string_view text);
  void FlushIfLarge();
  void Flush();

  int fd_;
  std::string bytes_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_RECORD_WRITER_HPP_
