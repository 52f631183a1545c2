// The keys that say how the output prints numbers: unit, bare, suffix, base and
// grouping.
//
// `bare` belongs to the `unit` beside it: a metric that sets `unit` does not
// inherit the `bare` of its collector. Combinations in which a text would have
// two meanings, or a key no effect, are rejected.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/number_form.hpp"
#include "core/base/text.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

// The units among `units` that read a number followed by `word`.
std::vector<std::string_view> UnitsOf(const std::string& word,
                                      std::span<const Unit> units) {
  std::vector<std::string_view> names;
  for (const Unit& unit : units) {
    if (ReadNumber("1 " + word, {.unit = &unit})) {
      names.push_back(unit.name);
    }
  }
  return names;
}

// The units that a wrong name may mean: fixed ones if there are some.
std::vector<std::string_view> MeantUnits(const std::string& word) {
  if (Trim(word).empty() || std::ranges::any_of(word, IsDigit)) {
    return {};
  }
  if (word == "m") {
    return {"min"};
  }
  const auto fixed = UnitsOf(word, FixedUnits());
  return fixed.empty() ? UnitsOf(word, Units().subspan(FixedUnits().size()))
                       : fixed;
}

// The unit of `key`, one of `names`; null if it is absent or wrong.
const Unit* ReadUnitName(const TableReader& reader, std::string_view key,
                         const std::vector<std::string_view>& names) {
  const TomlNode* const node = reader.Find(key);
  const bool is_text = node != nullptr && node->kind == TomlKind::kString;
  auto meant =
      is_text ? MeantUnits(node->text) : std::vector<std::string_view>{};
  std::erase_if(meant, [&](std::string_view name) {
    return std::ranges::find(names, name) == names.end();
  });
  if (meant.empty() || std::ranges::find(names, node->text) != names.end()) {
    const auto choice = reader.Choice(key, names);
    return choice ? FindUnit(names[*choice]) : nullptr;
  }
  reader.FailAt(key, std::string(key) + " must be " + QuoteChoices(names) +
                         ", not " + Quote(node->text) + "; did you mean " +
                         QuoteChoices(meant) + "?");
  return nullptr;
}

void ReadUnit(const TableReader& reader, MetricConfig& metric) {
  const TomlNode* const node = reader.Find("unit");
  if (node == nullptr) {
    return;
  }
  metric.unit = nullptr;
  metric.bare = nullptr;
  if (node->kind == TomlKind::kString && node->text == "size") {
    reader.FailAt("unit",
                  "unit must say whether K, M and G are powers of 1024 or of "
                  "1000: write \"size_1024\" (as df -h, free -h and lsblk "
                  "print) or \"size_1000\" (as df -H and docker print)");
    return;
  }
  metric.unit = ReadUnitName(reader, "unit", Views(Units(), &Unit::name));
}

// Whether each number has a unit of its own.
bool HasOwnUnits(const MetricConfig& metric) {
  return metric.unit != nullptr && metric.unit->kind != UnitKind::kFixed;
}

void ReadBare(const TableReader& reader, MetricConfig& metric) {
  const bool has_own_units = HasOwnUnits(metric);
  std::vector<std::string_view> names;
  for (const Unit& unit : FixedUnits()) {
    if (!has_own_units || unit.base == metric.unit->base) {
      names.push_back(unit.name);
    }
  }
  const Unit* const bare = ReadUnitName(reader, "bare", names);
  const bool is_unit_wrong = reader.Has("unit") && metric.unit == nullptr;
  if (bare == nullptr || is_unit_wrong) {
    return;
  }
  if (has_own_units) {
    metric.bare = bare;
    return;
  }
  reader.FailAt(
      "bare",
      "bare is the unit of numbers without one where each number "
      "has its own, and so belongs to unit = \"size_1024\", "
      "\"size_1000\" or \"duration\": " +
          (metric.unit == nullptr ? "set one beside it, or write unit = " +
                                        Quote(bare->name) + " in its place"
                                  : std::string("remove it")));
}

void ReadBase(const TableReader& reader, MetricConfig& metric) {
  constexpr IntegerRange kRange = {2, 16};
  constexpr std::array<std::int64_t, 4> kBases = {2, 8, 10, 16};
  const auto base = reader.Integer("base", kRange);
  if (!base) {
    return;
  }
  if (std::ranges::find(kBases, *base) == kBases.end()) {
    reader.FailAt("base",
                  "base must be 2, 8, 10 or 16, not " + std::to_string(*base));
    return;
  }
  metric.base = static_cast<int>(*base);
}

// What does not go with a base other than 10, by its key.
struct Clash {
  std::string_view key{};
  bool exists{};
  std::string_view why{};
};

void CheckBase(const TableReader& reader, const MetricConfig& metric) {
  constexpr std::string_view kLetters = "abcdefABCDEF";
  const bool is_fraction = metric.scale != std::trunc(metric.scale);
  const bool is_hexadecimal = metric.base == 16;
  const bool ends_in_digit =
      is_hexadecimal && !metric.suffix.empty() &&
      kLetters.find(metric.suffix.front()) != std::string_view::npos;
  const std::array<Clash, 4> clashes = {{
      {"unit", metric.unit != nullptr, "numbers with a unit are decimal"},
      {"grouping", metric.grouping != '\0', "its digits have no groups"},
      {"scale", is_fraction, "its numbers are whole, and so must scale be"},
      {"suffix", ends_in_digit, "its first letter is a digit of that base"},
  }};
  for (const Clash& clash : clashes) {
    const bool is_set = reader.Has(clash.key);
    if (clash.exists && (is_set || reader.Has("base"))) {
      reader.FailAt(
          is_set ? clash.key : "base",
          std::string(clash.key) +
              " does not go with base = " + std::to_string(metric.base) + ": " +
              std::string(clash.why) + "; remove one, or write " + "base = 10");
    }
  }
}

void CheckGrouping(const TableReader& reader, const MetricConfig& metric) {
  const bool is_duration =
      metric.unit != nullptr && metric.unit->kind == UnitKind::kDuration;
  if (is_duration && metric.grouping != '\0' &&
      (reader.Has("grouping") || reader.Has("unit"))) {
    reader.FailAt(reader.Has("grouping") ? "grouping" : "unit",
                  "grouping has no effect on unit = \"duration\": set it only "
                  "in metrics whose numbers have groups");
  }
}

void CheckSuffix(const TableReader& reader, const MetricConfig& metric) {
  const std::string_view suffix = metric.suffix;
  if (suffix.empty()) {
    return;
  }
  const bool is_size =
      metric.unit != nullptr && (metric.unit->kind == UnitKind::kSize1024 ||
                                 metric.unit->kind == UnitKind::kSize1000);
  if (std::ranges::any_of(suffix, IsDigit)) {
    reader.FailAt("suffix", "suffix may not hold digits");
  } else if (Trim(suffix) != suffix) {
    reader.FailAt("suffix",
                  "suffix may not begin or end with a blank: blanks between "
                  "the number and it are read without that");
  } else if (metric.unit != nullptr && !is_size) {
    reader.FailAt("suffix",
                  "suffix does not go with unit = " + Quote(metric.unit->name) +
                      ", which reads what follows the number: "
                      "remove one, and use scale for another factor");
  }
}

}  // namespace

void ReadNumberKeys(const TableReader& reader, MetricConfig& metric) {
  static constexpr std::array<std::string_view, 5> kGroupings = {",", ".", "'",
                                                                 "_", " "};
  ReadUnit(reader, metric);
  ReadBare(reader, metric);
  ReadBase(reader, metric);
  if (const auto grouping = reader.Choice("grouping", kGroupings)) {
    metric.grouping = kGroupings[*grouping].front();
  }
}

void CheckNumberKeys(const TableReader& reader, const MetricConfig& metric) {
  if (metric.base != kDecimalBase) {
    CheckBase(reader, metric);
  }
  CheckGrouping(reader, metric);
  CheckSuffix(reader, metric);
}

}  // namespace command_exporter
