#include "core/jq/jq_record_writer.hpp"

#include <unistd.h>

#include <cstdint>

#include "core/base/wire.hpp"
#include "core/base/write_all.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kLarge = std::size_t{64} << 10U;

}  // namespace

void JqRecordWriter::Item(std::size_t line) {
  bytes_ += static_cast<char>(JqRecord::kItem);
  WireWriter(bytes_).Number(static_cast<std::uint32_t>(line));
  FlushIfLarge();
}

void JqRecordWriter::Field(std::string_view name, std::string_view text) {
  AddField(JqRecord::kField, name, text);
}

void JqRecordWriter::NotFinite(std::string_view name, std::string_view text) {
  AddField(JqRecord::kNotFinite, name, text);
}

void JqRecordWriter::AddField(JqRecord kind, std::string_view name,
                              std::string_view text) {
  bytes_ += static_cast<char>(kind);
  WireWriter out(bytes_);
  out.Text(name);
  out.Text(text);
  FlushIfLarge();
}

void JqRecordWriter::Fail(const Failure& failure) {
  bytes_ += static_cast<char>(JqRecord::kFailure);
  bytes_ += static_cast<char>(failure.reason);
  WireWriter(bytes_).Text(failure.message);
  Flush();
}

void JqRecordWriter::End() {
  bytes_ += static_cast<char>(JqRecord::kEnd);
  Flush();
}

void JqRecordWriter::FlushIfLarge() {
  if (bytes_.size() >= kLarge) {
    Flush();
  }
}

// The web side is gone or has given up: the evaluation has no purpose left.
void JqRecordWriter::Flush() {
  if (!WriteAll(fd_, bytes_)) {
    ::_exit(1);
  }
  bytes_.clear();
}

}  // namespace command_exporter
