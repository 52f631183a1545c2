// The format "nagios": a monitoring plugin's state and performance data.
// https://nagios-plugins.org/doc/guidelines.html
//
//   TEXT | perfdata          one line; or more text, then a second `|` behind
//   more text | perfdata     which all lines are performance data
//   perfdata
//
// Some plugins print a text and a bar in each line. So in a line of performance
// data, what stands before a bar is text.
//
// The first row is the check itself (`state`, 0 to 3, and `text`); each datum
// is one more row (`label`, `value`, ...). A metric selects its rows by their
// fields. The state is never lost by what else is printed: a datum that cannot
// be read is dropped and counted.
#include <algorithm>
#include <string>
#include <unordered_set>
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
      const std::string_view line = reader_.line();
      const std::size_t bar = line.find('|');
      if (first) {
        rows_.SetText("text", std::string(Trim(line.substr(0, bar))));
      }
      if (in_data) {
        auto parts = SplitAtBars(line);
        if (parts.size() > 1) {
          parts.erase(parts.begin());
        }
        ReadParts(parts);
      } else if (bar != std::string_view::npos) {
        ReadParts(SplitAtBars(line.substr(bar + 1)));
        in_data = !first;
      }
      first = false;
    }
    return std::move(rows_);
  }

 private:
  // Of several parts, only those count that are performance data and nothing
  // else: the others may be text.
  void ReadParts(const std::vector<std::string_view>& parts) {
    for (const std::string_view part : parts) {
      std::vector<Perfdata> data;
      for (PerfdataText& text : SplitPerfdata(part)) {
        data.push_back(ReadPerfdata(std::move(text)));
      }
      const auto bad = std::ranges::find_if(
          data, [](const Perfdata& datum) { return !datum.fault.empty(); });
      if (parts.size() > 1 && bad != data.end()) {
        Drop(DropReason::kValue, bad->fault);
        continue;
      }
      for (const Perfdata& datum : data) {
        Take(datum);
      }
    }
  }

  void Take(const Perfdata& datum) {
    if (!datum.fault.empty()) {
      Drop(DropReason::kValue, datum.fault);
    }
    if (!datum.has_value) {
      return;
    }
    if (!labels_.insert(datum.label).second) {
      Drop(DropReason::kDuplicate,
           "the label \"" + Printable(datum.label) + "\" is there twice");
      return;
    }
    AddRow(datum);
  }

  void Drop(DropReason reason, const std::string& why) {
    rows_.drops.Add(reason, reader_.Where() + ": " + why);
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
  std::unordered_set<std::string> labels_;
  Rows rows_;
};

}  // namespace

Result<Rows, Failure> ParseNagios(const FormatInput& input,
                                  const FormatConfig& /*config*/) {
  return PluginParser(input).Parse();
}

}  // namespace command_exporter
