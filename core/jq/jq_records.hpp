// Records: what an evaluation tells while it runs, as bytes in a pipe.
//
// An item begins, it has a field, the evaluation failed, or it came to its end.
// Where the bytes stop without one of the last two, the process that wrote them
// was ended by something else. What is read is believed in nothing: the library
// that the evaluation runs may have ruined its memory.
//
// Thread safety: each has one owner.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_RECORDS_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_RECORDS_HPP_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/reason.hpp"
#include "core/base/wire.hpp"
#include "core/jq/jq_sink.hpp"

namespace command_exporter {

// The writing side. Ends its process when nobody reads any more.
class JqRecordWriter {
 public:
  explicit JqRecordWriter(int fd) : fd_(fd) {}

  void Item(std::size_t line);
  void Field(std::string_view name, std::string_view text);
  // The last record is one of these.
  void Fail(const Failure& failure);
  void End();

 private:
  void FlushIfLarge();
  void Flush();

  int fd_;
  std::string bytes_;
};

class JqRecordReader {
 public:
  // `sink` must outlive it. More than `most_bytes` of records fail the
  // evaluation: what bounds its memory does not bound what it has written.
  JqRecordReader(JqSink& sink, std::uint64_t most_bytes,
                 std::uint64_t most_items)
      : sink_(sink),
        most_bytes_(most_bytes),
        most_items_(most_items) {}

  // False: that was the last record.
  bool Take(std::string_view bytes);

  // The evaluation came to its end, well or with the failure.
  bool ended() const { return ended_; }

  const std::optional<Failure>& failure() const { return failure_; }

 private:
  // Takes whole records from `rest`; false as Take.
  bool TakeRecords(std::string_view& rest);
  // False: it is not whole yet.
  bool TakeRecord(WireReader& in);
  void TakeItem(std::size_t line);
  void TakeField(std::string_view name, std::string text);
  void TakeFailure(Reason reason, std::string_view message);
  void EndWith(Failure failure);

  JqSink& sink_;
  std::uint64_t most_bytes_;
  std::uint64_t most_items_;
  std::uint64_t bytes_ = 0;
  std::uint64_t items_ = 0;
  std::string pending_;  // a record that is not whole yet
  bool ended_ = false;
  std::optional<Failure> failure_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_RECORDS_HPP_
