// JqRecordReader: the results of an evaluation while it runs, read from a pipe
// (jq_record_writer.hpp has the records).
//
// If the bytes end without the last record, the process that wrote them was
// ended. All bytes are untrusted, because the library in the evaluation may
// have corrupted its memory.
//
// Thread safety: none; it has one owner.
#ifndef COMMAND_EXPORTER_CORE_JQ_JQ_RECORD_READER_HPP_
#define COMMAND_EXPORTER_CORE_JQ_JQ_RECORD_READER_HPP_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/base/reason.hpp"
#include "core/base/wire.hpp"
#include "core/jq/jq_record_writer.hpp"
#include "core/jq/jq_sink.hpp"

namespace command_exporter {

class JqRecordReader {
 public:
  // `sink` must outlive it. More than `most_bytes` of records fail the
  // evaluation: the limit of its memory does not limit what it has written.
  JqRecordReader(JqSink& sink, std::uint64_t most_bytes,
                 std::uint64_t most_items)
      : sink_(sink),
        most_bytes_(most_bytes),
        most_items_(most_items) {}

  // False: the last record has been read.
  bool Take(std::string_view bytes);

  // The evaluation is complete, with or without a failure.
  bool ended() const { return ended_; }

  const std::optional<Failure>& failure() const { return failure_; }

 private:
  // Takes whole records from `rest`; returns as Take.
  bool TakeRecords(std::string_view& rest);
  // False: the record is not complete yet.
  bool TakeRecord(WireReader& in);
  void TakeItem(std::size_t line);
  void TakeField(JqRecord kind, std::string_view name, std::string text);
  void TakeFailure(Reason reason, std::string_view message);
  void EndWith(Failure failure);

  JqSink& sink_;
  std::uint64_t most_bytes_;
  std::uint64_t most_items_;
  std::uint64_t bytes_ = 0;
  std::uint64_t items_ = 0;
  std::string pending_;  // an incomplete record
  bool ended_ = false;
  std::optional<Failure> failure_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_JQ_JQ_RECORD_READER_HPP_
