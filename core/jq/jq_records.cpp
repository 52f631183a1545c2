#include "core/jq/jq_records.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdint>

#include "core/jq/jq_wire.hpp"

namespace command_exporter {
namespace {

constexpr char kItem = 'i';
constexpr char kField = 'f';
constexpr char kFailure = 'x';
constexpr char kEnd = 'e';

constexpr std::size_t kLarge = std::size_t{64} << 10U;

}  // namespace

void JqRecordWriter::Item(std::size_t line) {
  bytes_ += kItem;
  AppendNumber32(bytes_, line);
  FlushIfLarge();
}

void JqRecordWriter::Field(std::string_view name, std::string_view text) {
  bytes_ += kField;
  AppendText(bytes_, name);
  AppendText(bytes_, text);
  FlushIfLarge();
}

void JqRecordWriter::Fail(const Failure& failure) {
  bytes_ += kFailure;
  bytes_ += static_cast<char>(failure.reason);
  AppendText(bytes_, failure.message);
  Flush();
}

void JqRecordWriter::End() {
  bytes_ += kEnd;
  Flush();
}

void JqRecordWriter::FlushIfLarge() {
  if (bytes_.size() >= kLarge) {
    Flush();
  }
}

void JqRecordWriter::Flush() {
  std::string_view rest = bytes_;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0 && errno != EINTR) {
      ::_exit(1);
    }
    rest.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  bytes_.clear();
}

bool JqRecordReader::Take(std::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ > most_bytes_) {
    ended_ = true;
    failure_ = Failure{Reason::kParse,
                       "items and fields give more than " +
                           std::to_string(most_bytes_ >> 20U) +
                           " MiB for this output; let them select less"};
    return false;
  }
  pending_ += bytes;
  std::string_view rest = pending_;
  const bool more = TakeRecords(rest);
  pending_.erase(0, pending_.size() - rest.size());
  return more;
}

bool JqRecordReader::TakeRecords(std::string_view& rest) {
  while (!ended_) {
    WireReader reader(rest);
    char kind = 0;
    if (!reader.Byte(kind)) {
      break;
    }
    std::uint32_t line = 0;
    char reason = 0;
    std::string_view name;
    std::string_view text;
    switch (kind) {
      case kItem:
        if (!reader.Number32(line)) {
          return true;
        }
        sink_.StartItem(line);
        break;
      case kField:
        if (!reader.Text(name) || !reader.Text(text)) {
          return true;
        }
        sink_.Field(name, std::string(text));
        break;
      case kFailure:
        if (!reader.Byte(reason) || !reader.Text(text)) {
          return true;
        }
        ended_ = true;
        failure_ = Failure{static_cast<Reason>(reason), std::string(text)};
        break;
      default:
        ended_ = true;
    }
    rest = reader.rest();
  }
  return !ended_;
}

}  // namespace command_exporter
