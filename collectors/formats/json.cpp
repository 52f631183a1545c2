// The format "json": JSON texts, one or several one after another, through jq.
//
// A row is a result of `items`; see core/base/jq.hpp for what its fields are.
// Texts that are not UTF-8 are refused: jq would put replacement characters in
// silence, and two labels could become one.
#include <utility>

#include "collectors/formats/format.hpp"
#include "core/base/jq.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// What jq may use beside 64 MiB for each byte of the output: a number is some
// bytes of text and 16 of memory, a member of an object some hundred.
constexpr std::size_t kBytesEach = 64;

class RowSink final : public JqSink {
 public:
  explicit RowSink(std::size_t max_rows) : max_rows_(max_rows) {}

  bool StartItem(std::size_t line) override {
    if (rows_.size() >= max_rows_) {
      return false;
    }
    rows_.StartRow(line);
    return true;
  }

  void Field(std::string_view name, std::string text) override {
    rows_.Set(rows_.AddColumn(name),
              rows_.Own(std::move(text), rows_.line(rows_.size() - 1)));
  }

  Rows Take() { return std::move(rows_); }

 private:
  std::size_t max_rows_;
  Rows rows_;
};

}  // namespace

Result<Rows, Failure> ParseJson(const FormatInput& input,
                                const FormatConfig& config) {
  RowSink sink(input.max_rows);
  JqLimits limits;
  limits.most_bytes += kBytesEach * input.out.size();
  limits.time = input.time_limit;
  JqReader reader = config.jq->Read(sink, limits);
  LineReader lines(input);
  while (lines.Next()) {
    if (!IsValidUtf8(lines.line())) {
      return Failure{Reason::kParse, lines.Where() + " is not valid UTF-8: \"" +
                                         Printable(lines.line()) + "\""};
    }
    if (auto failure = reader.Feed(lines.line(), lines.number())) {
      return std::move(*failure);
    }
  }
  if (auto failure = reader.Finish()) {
    return std::move(*failure);
  }
  return sink.Take();
}

}  // namespace command_exporter
