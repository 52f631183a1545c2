#include "core/jq/jq_record_reader.hpp"

#include <cstdint>
#include <utility>

#include "core/base/text.hpp"
#include "core/base/wire.hpp"

namespace command_exporter {
namespace {

constexpr std::size_t kLongestMessage = 2000;

Failure Nonsense() {
  return {Reason::kParse,
          "the evaluation gave what makes no sense; jq's library may have "
          "ruined its memory with this output"};
}

}  // namespace

bool JqRecordReader::Take(std::string_view bytes) {
  bytes_ += bytes.size();
  if (bytes_ > most_bytes_) {
    EndWith({Reason::kParse, "items and fields give more than " +
                                 std::to_string(most_bytes_ >> 20U) +
                                 " MiB for this output; let them select less"});
    return false;
  }
  pending_ += bytes;
  std::string_view rest = pending_;
  const bool more = TakeRecords(rest);
  pending_.erase(0, pending_.size() - rest.size());
  return more;
}

bool JqRecordReader::TakeRecords(std::string_view& rest) {
  while (!ended_ && !rest.empty()) {
    WireReader in(rest);
    if (!TakeRecord(in)) {
      break;  // it is not complete yet
    }
    rest = in.rest();
  }
  return !ended_;
}

bool JqRecordReader::TakeRecord(WireReader& in) {
  const auto kind = static_cast<JqRecord>(in.Number<char>());
  switch (kind) {
    case JqRecord::kItem:
      if (const auto line = in.Number<std::uint32_t>(); in.Ok()) {
        TakeItem(line);
      }
      break;
    case JqRecord::kField:
    case JqRecord::kNotFinite: {
      const std::string_view name = in.View();
      if (std::string text = in.Text(); in.Ok()) {
        TakeField(kind, name, std::move(text));
      }
      break;
    }
    case JqRecord::kFailure: {
      const auto reason = static_cast<Reason>(in.Number<std::uint8_t>());
      const std::string_view message = in.View();
      if (in.Ok()) {
        TakeFailure(reason, message);
      }
      break;
    }
    case JqRecord::kEnd:
      ended_ = true;
      break;
    default:
      EndWith(Nonsense());
  }
  return in.Ok();
}

void JqRecordReader::TakeItem(std::size_t line) {
  if (++items_ > most_items_) {
    EndWith(Nonsense());  // the evaluation limits them, too
  } else {
    sink_.StartItem(line);
  }
}

void JqRecordReader::TakeField(JqRecord kind, std::string_view name,
                               std::string text) {
  if (items_ == 0) {
    EndWith(Nonsense());
  } else if (kind == JqRecord::kNotFinite) {
    sink_.NotFinite(name, std::move(text));
  } else {
    sink_.Field(name, std::move(text));
  }
}

void JqRecordReader::TakeFailure(Reason reason, std::string_view message) {
  const bool sense = reason == Reason::kParse || reason == Reason::kSampleLimit;
  EndWith(sense ? Failure{reason, Printable(message, kLongestMessage)}
                : Nonsense());
}

void JqRecordReader::EndWith(Failure failure) {
  ended_ = true;
  failure_ = std::move(failure);
}

}  // namespace command_exporter
