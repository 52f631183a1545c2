#include "collectors/formats/perfdata.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "collectors/formats/plugin_unit.hpp"
#include "core/base/number.hpp"
#include "core/base/text.hpp"
#include "core/base/units.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kDigits = "0123456789";

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

// 0x, with any digits.
bool IsHexadecimal(std::string_view text) {
  const std::size_t zeros = text.find_first_not_of("+-0");
  return zeros != std::string_view::npos && zeros > 0 &&
         text[zeros - 1] == '0' && Lower(text[zeros]) == 'x';
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
  if (colon > 0) {
    range.low = text.substr(0, colon);
  }
  range.high = text.substr(colon + 1);
  if (range.low == "~") {
    range.low = {};
  }
  return range;
}

std::string NoNumber(std::string_view what, std::string_view text) {
  return std::string(what) + " \"" + Printable(text) + "\" is no number";
}

class DatumReader {
 public:
  explicit DatumReader(PerfdataText text) : text_(text.value) {
    datum_.label = std::move(text.label);
    datum_.fault = std::move(text.fault);
  }

  Perfdata Read() {
    constexpr std::array<std::string_view, 4> kLimits = {"warn", "crit", "min",
                                                         "max"};
    if (!datum_.fault.empty() || !ReadValue(TakePart())) {
      return std::move(datum_);
    }
    for (const std::string_view limit : kLimits) {
      ReadLimit(limit, TakePart());
    }
    if (!text_.empty()) {
      Blame("\"" + Printable(text_) + "\" behind its maximum");
    }
    return std::move(datum_);
  }

 private:
  // Up to the next semicolon.
  std::string_view TakePart() {
    const std::size_t end = std::min(text_.find(';'), text_.size());
    const std::string_view part = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    return part;
  }

  // Keeps the first fault.
  void Blame(const std::string& fault) {
    if (datum_.fault.empty()) {
      datum_.fault = '"' + Printable(datum_.label) + "\": " + fault;
    }
  }

  // False: there is none.
  bool ReadValue(std::string_view text) {
    if (text == "U") {
      return false;
    }
    const std::size_t length = NumberLength(text);
    datum_.unit = text.substr(length);
    unit_ = FindPluginUnit(datum_.unit);
    const auto number = IsPluginUnit(datum_.unit) && !IsHexadecimal(text)
                            ? Number(text.substr(0, length))
                            : std::optional<std::string>{};
    if (!number) {
      Blame(NoNumber("the value", text));
      return false;
    }
    datum_.has_value = true;
    datum_.base = unit_ == nullptr ? std::string_view{} : unit_->base;
    datum_.fields.emplace_back("value", *number);
    return true;
  }

  void ReadLimit(std::string_view limit, std::string_view text) {
    if (text.empty()) {
      return;
    }
    if (limit == "min" || limit == "max") {
      if (const auto number = Number(text)) {
        datum_.fields.emplace_back(limit, *number);
      } else {
        Blame(NoNumber(limit, text));
      }
      return;
    }
    const bool warns = limit == "warn";
    const Range range = SplitRange(text);
    const auto low = End(range.low);
    const auto high = End(range.high);
    if (!low || !high) {
      Blame(NoNumber(limit, low ? range.high : range.low));
      return;
    }
    datum_.fields.emplace_back(limit, text);
    if (range.inside) {
      AddEnd(warns ? "warn_inside_low" : "crit_inside_low", *low);
      AddEnd(warns ? "warn_inside_high" : "crit_inside_high", *high);
    } else {
      AddEnd(warns ? "warn_low" : "crit_low", *low);
      AddEnd(warns ? "warn_high" : "crit_high", *high);
    }
  }

  // Empty: it is infinite. None: it is no number.
  std::optional<std::string> End(std::string_view text) const {
    return text.empty() ? std::optional<std::string>("") : Number(text);
  }

  void AddEnd(std::string_view field, const std::string& number) {
    if (!number.empty()) {
      datum_.fields.emplace_back(field, number);
    }
  }

  // `text` may end in the unit, because some plugins repeat it.
  std::optional<std::string> Number(std::string_view text) const {
    if (!datum_.unit.empty() && text.ends_with(datum_.unit)) {
      text.remove_suffix(datum_.unit.size());
    }
    const Unit* const unit = unit_ == nullptr ? nullptr : FindUnit(unit_->unit);
    const auto value = NumberLength(text) == text.size()
                           ? ParseQuantity(text, unit)
                           : std::optional<double>{};
    const double factor = unit_ == nullptr ? 1 : unit_->factor;
    return value ? std::optional(FormatNumber(*value * factor)) : std::nullopt;
  }

  std::string_view text_;  // what is left of it
  Perfdata datum_;
  const PluginUnit* unit_ = nullptr;
};

}  // namespace

Perfdata ReadPerfdata(PerfdataText text) {
  return DatumReader(std::move(text)).Read();
}

}  // namespace command_exporter
