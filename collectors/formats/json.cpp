// The format "json": one or several JSON texts in sequence, through jq.
//
// A row is a result of `items`; core/jq/jq_program.hpp defines its fields. An
// output without a text gives no rows, as in other formats. JSON has no number
// that is not finite. If a program prints one, only a metric that takes it as
// its value fails.
// Texts that are not UTF-8 are rejected, because jq would silently insert
// replacement characters, and two labels could become equal.
#include <utility>

#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "core/base/text.hpp"
#include "core/jq/jq_program.hpp"

namespace command_exporter {
namespace {

// jq's memory for each byte of the output, beside 64 MiB: a number is some
// bytes of text and 16 of memory, a member of an object about a hundred.
constexpr std::size_t kBytesEach = 64;

class RowSink final : public JqSink {
 public:
  // All fields of the configuration become columns, with or without a value.
  explicit RowSink(const std::vector<JsonField>& fields) {
    for (const JsonField& field : fields) {
      rows_.AddColumn(field.name);
    }
  }

  void StartItem(std::size_t line) override { rows_.StartRow(line); }

  void Field(std::string_view name, std::string text) override {
    rows_.SetText(name, std::move(text));
  }

  void NotFinite(std::string_view name, std::string text) override {
    rows_.SetNotFinite(name, std::move(text));
  }

  Rows Take() { return std::move(rows_); }

 private:
  Rows rows_;
};

}  // namespace

std::shared_ptr<const JqProgram> MakeJqProgram(JqProcess& jq,
                                               const FormatConfig& config) {
  if (config.format != Format::kJson) {
    return nullptr;
  }
  std::vector<JqField> fields;
  for (const JsonField& field : config.fields) {
    fields.push_back({field.name, field.program});
  }
  auto program = std::make_shared<const JqProgram>(jq, config.items, fields);
  program->Prepare();
  return program;
}

Result<Rows, Failure> ParseJson(const FormatInput& input,
                                const FormatConfig& config) {
  JqText text;
  LineReader lines(input);
  while (lines.Next()) {
    if (!IsValidUtf8(lines.line())) {
      return Failure{Reason::kParse, lines.Where() + " is not valid UTF-8: \"" +
                                         Printable(lines.line()) + "\""};
    }
    text.Add(lines.line(), lines.number());
  }
  RowSink sink(config.fields);
  JqLimits limits;
  limits.most_bytes += kBytesEach * input.out.size();
  limits.time = input.time_limit;
  limits.most_items = input.max_rows;
  limits.stop = input.stop;
  if (auto failure = input.jq->Evaluate(text, sink, limits)) {
    return std::move(*failure);
  }
  return sink.Take();
}

}  // namespace command_exporter
