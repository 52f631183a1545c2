#include "collectors/formats/perfdata.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::string_view kDigits = "0123456789";

struct PluginUnit {
  std::string_view name{};
  std::string_view unit{};  // ours, see units.hpp; empty: none
  double factor{1};         // applied after the unit
  std::string_view base{};
};

constexpr double kPebi = 1024;  // TiB

constexpr std::array<PluginUnit, 19> kPluginUnits = {{
    {"s", "s", 1, "seconds"},       {"ms", "ms", 1, "seconds"},
    {"us", "us", 1, "seconds"},     {"\xC2\xB5s", "us", 1, "seconds"},
    {"ns", "ns", 1, "seconds"},     {"%", "percent", 1, "ratio"},
    {"c", "", 1, "total"},          {"B", "B", 1, "bytes"},
    {"KB", "KiB", 1, "bytes"},      {"kB", "KiB", 1, "bytes"},
    {"KiB", "KiB", 1, "bytes"},     {"MB", "MiB", 1, "bytes"},
    {"MiB", "MiB", 1, "bytes"},     {"GB", "GiB", 1, "bytes"},
    {"GiB", "GiB", 1, "bytes"},     {"TB", "TiB", 1, "bytes"},
    {"TiB", "TiB", 1, "bytes"},     {"PB", "TiB", kPebi, "bytes"},
    {"PiB", "TiB", kPebi, "bytes"},
}};

const PluginUnit* FindPluginUnit(std::string_view name) {
  const auto* const found =
      std::ranges::find(kPluginUnits, name, &PluginUnit::name);
  return found == kPluginUnits.end() ? nullptr : found;
}

// The length of the number at the start of `text`; an `e` belongs to it only if
// digits follow.
std::size_t NumberLength(std::string_view text) {
  std::size_t end = text.find_first_not_of("+-.0123456789");
  end = std::min(end, text.size());
  if (end == text.size() || (text[end] != 'e' && text[end] != 'E')) {
    return end;
  }
  std::size_t digits = end + 1;
  if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) {
    ++digits;
  }
  const std::size_t stop =
      std::min(text.find_first_not_of(kDigits, digits), text.size());
  return stop > digits ? stop : end;
}

// The ends of a range in the plugins' grammar; `@` inverts it.
struct Range {
  bool inside{};
  std::string_view low{"0"};
  std::string_view high{};
};

Range SplitRange(std::string_view text) {
  Range range;
  range.inside = text.starts_with('@');
  text.remove_prefix(range.inside ? 1 : 0);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    range.high = text;
    return range;
  }
  range.low = text.substr(0, colon);
  range.high = text.substr(colon + 1);
  if (range.low == "~") {
    range.low = {};
  }
  return range;
}

Error NoNumber(std::string_view what, std::string_view text) {
  return {std::string(what) + " \"" + Printable(text) + "\" is no number"};
}

class DatumReader {
 public:
  explicit DatumReader(std::string_view& rest) : rest_(rest) {}

  Result<Perfdata> Read() {
    if (auto error = ReadLabel()) {
      return *std::move(error);
    }
    const std::size_t end =
        std::min(rest_.find_first_of(kBlanks), rest_.size());
    std::string_view text = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (auto error = ReadParts(text)) {
      return Error{"\"" + Printable(datum_.label) + "\": " + error->message};
    }
    return std::move(datum_);
  }

 private:
  // Reads up to and including the `=`.
  std::optional<Error> ReadLabel() {
    const bool quoted = rest_.starts_with('\'');
    std::size_t at = quoted ? 1 : 0;
    bool closed = !quoted;
    while (at < rest_.size()) {
      const char c = rest_[at];
      if (quoted && c == '\'') {
        ++at;
        if (at == rest_.size() || rest_[at] != '\'') {
          closed = true;
          break;
        }
      } else if (!quoted && (c == '=' || kBlanks.find(c) != kBlanks.npos)) {
        break;
      }
      datum_.label += c;
      ++at;
    }
    if (!closed || at == rest_.size() || rest_[at] != '=' ||
        datum_.label.empty()) {
      return Error{"expected label=value in the performance data, found \"" +
                   Printable(rest_, kShown) + "\""};
    }
    rest_.remove_prefix(at + 1);
    return std::nullopt;
  }

  std::optional<Error> ReadParts(std::string_view text) {
    constexpr std::array<std::string_view, 5> kParts = {"value", "warn", "crit",
                                                        "min", "max"};
    for (const std::string_view part : kParts) {
      const std::size_t end = std::min(text.find(';'), text.size());
      if (auto error = ReadPart(part, text.substr(0, end))) {
        return error;
      }
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!text.empty()) {
      return Error{"\"" + Printable(text) + "\" behind its maximum"};
    }
    return std::nullopt;
  }

  std::optional<Error> ReadPart(std::string_view part, std::string_view text) {
    if (part == "value") {
      return ReadValue(text);
    }
    if (text.empty()) {
      return std::nullopt;
    }
    if (part == "min" || part == "max") {
      return AddNumber(part, part, text);
    }
    datum_.fields.emplace_back(part, text);
    const bool warns = part == "warn";
    const Range range = SplitRange(text);
    std::string_view low = warns ? "warn_low" : "crit_low";
    std::string_view high = warns ? "warn_high" : "crit_high";
    if (range.inside) {
      low = warns ? "warn_inside_low" : "crit_inside_low";
      high = warns ? "warn_inside_high" : "crit_inside_high";
    }
    auto error = AddNumber(part, low, range.low);
    return error ? error : AddNumber(part, high, range.high);
  }

  std::optional<Error> ReadValue(std::string_view text) {
    datum_.is_known = text != "U";
    if (!datum_.is_known) {
      return std::nullopt;
    }
    const std::size_t length = NumberLength(text);
    datum_.unit = text.substr(length);
    if (datum_.unit.find_first_of("0123456789'\"=,") !=
        std::string_view::npos) {
      return NoNumber("the value", text);
    }
    unit_ = FindPluginUnit(datum_.unit);
    datum_.base = unit_ == nullptr ? std::string_view{} : unit_->base;
    return AddNumber("the value", "value", text.substr(0, length))
               ? std::optional(NoNumber("the value", text))
               : std::nullopt;
  }

  // `text` may end in the unit, because some plugins repeat it.
  std::optional<Error> AddNumber(std::string_view what, std::string_view field,
                                 std::string_view text) {
    if (text.empty() && what != "the value") {
      return std::nullopt;  // an infinite end
    }
    std::string_view number = text;
    if (!datum_.unit.empty() && number.ends_with(datum_.unit)) {
      number.remove_suffix(datum_.unit.size());
    }
    const Unit* const unit = unit_ == nullptr ? nullptr : FindUnit(unit_->unit);
    const bool is_number = NumberLength(number) == number.size();
    const auto value =
        is_number ? ParseQuantity(number, unit) : std::optional<double>{};
    if (!value) {
      return NoNumber(what, text);
    }
    const double factor = unit_ == nullptr ? 1 : unit_->factor;
    datum_.fields.emplace_back(field, FormatNumber(*value * factor));
    return std::nullopt;
  }

  static constexpr std::size_t kShown = 40;

  std::string_view& rest_;
  Perfdata datum_;
  const PluginUnit* unit_ = nullptr;
};

}  // namespace

Result<Perfdata> TakePerfdata(std::string_view& rest) {
  return DatumReader(rest).Read();
}

}  // namespace command_exporter
