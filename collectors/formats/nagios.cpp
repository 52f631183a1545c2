// The format "nagios": a monitoring plugin's state and performance data.
// https://nagios-plugins.org/doc/guidelines.html
//
//   TEXT | perfdata          one line; or more text, then a second `|` behind
//   more text | perfdata     which all lines are performance data
//   perfdata
//
// The first row is the check itself (`state`, 0 to 3, and `text`); each datum
// is one more row (`label`, `value`, ...). A metric selects its rows by their
// fields.
#include <optional>
#include <string>
#include <utility>

#include "collectors/formats/format.hpp"
#include "collectors/formats/line_reader.hpp"
#include "collectors/formats/perfdata.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr int kMostState = 3;

class PluginParser {
 public:
  explicit PluginParser(const FormatInput& input)
      : reader_(input),
        exit_code_(input.exit_code) {}

  Result<Rows, Failure> Parse() {
    if (exit_code_ < 0 || exit_code_ > kMostState) {
      return Failure{Reason::kExitStatus,
                     "status " + std::to_string(exit_code_) +
                         " is no state of a plugin: 0 OK, 1 warning, 2 "
                         "critical, 3 unknown"};
    }
    rows_.StartRow(1);
    rows_.SetText("state", std::to_string(exit_code_));
    bool first = true;
    bool in_data = false;
    while (reader_.Next()) {
      std::string_view line = reader_.line();
      if (in_data) {
        if (auto failure = ReadData(line)) {
          return std::move(*failure);
        }
        continue;
      }
      const std::size_t bar = line.find('|');
      if (first) {
        rows_.SetText("text", std::string(Trim(line.substr(0, bar))));
      }
      if (bar != std::string_view::npos) {
        if (auto failure = ReadData(line.substr(bar + 1))) {
          return std::move(*failure);
        }
        in_data = !first;
      }
      first = false;
    }
    return std::move(rows_);
  }

 private:
  std::optional<Failure> ReadData(std::string_view rest) {
    rest = Trim(rest);
    while (!rest.empty()) {
      const auto datum = TakePerfdata(rest);
      if (!datum) {
        return Failure{Reason::kParse,
                       reader_.Where() + ": " + datum.error().message};
      }
      if (datum->is_known) {
        AddRow(*datum);
      }
      rest = Trim(rest);
    }
    return std::nullopt;
  }

  void AddRow(const Perfdata& datum) {
    rows_.StartRow(reader_.number());
    rows_.SetText("label", datum.label);
    rows_.SetText("unit", std::string(datum.unit));
    rows_.SetText("base", std::string(datum.base));
    for (const auto& [field, text] : datum.fields) {
      rows_.SetText(field, text);
    }
  }

  LineReader reader_;
  int exit_code_;
  Rows rows_;
};

}  // namespace

Result<Rows, Failure> ParseNagios(const FormatInput& input,
                                  const FormatConfig& /*config*/) {
  return PluginParser(input).Parse();
}

}  // namespace command_exporter
