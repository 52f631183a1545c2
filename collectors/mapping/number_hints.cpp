#include "collectors/mapping/number_hints.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "core/base/digit_groups.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

// It may be too large to be read.
bool IsBareNumber(std::string_view text) {
  return !text.empty() && NumberLength(text, '\0') == text.size();
}

// For a text that is a number if its digits are grouped.
std::string GroupHint(std::string_view text, const NumberForm& form) {
  constexpr std::array<char, 5> kGroupings = {',', '.', '\'', '_', ' '};
  std::string hint;
  for (const char grouping : kGroupings) {
    NumberForm grouped = form;
    grouped.grouping = grouping;
    if (text.find(grouping) != std::string_view::npos &&
        ReadNumber(text, grouped)) {
      const std::string quoted = Quote(std::string_view(&grouping, 1));
      hint =
          "; if " + quoted + " parts its thousands, set grouping = " + quoted;
    }
  }
  return hint;
}

// For a text that is a number without its comma, or with a point where `.`
// groups.
std::string FractionHint(std::string_view text, const NumberForm& form) {
  NumberForm plain_form = form;
  plain_form.grouping = '\0';
  std::string plain(text);
  std::erase(plain, ',');
  const auto points = std::ranges::count(text, '.');
  if (std::ranges::count(text, ',') == 1 && points == 0 &&
      ReadNumber(plain, plain_form)) {
    return "; a decimal comma is not read: does the command set a locale of "
           "its own?";
  }
  if (form.grouping == '.' && points == 1 && ReadNumber(text, plain_form)) {
    return "; with grouping = \".\" a point parts thousands and begins no "
           "fraction";
  }
  return "";
}

std::string BaseHint(std::string_view text, const NumberForm& form) {
  constexpr std::array<int, 3> kBases = {2, 8, 16};
  constexpr std::string_view kDigits = "0123456789";
  const bool is_prefixed = text.size() > 2 && text.front() == '0' &&
                           kDigits.find(text[1]) == std::string_view::npos;
  for (const int base : kBases) {
    if (is_prefixed && form.base != base && form.unit == nullptr &&
        ReadNumber(text, {.base = base})) {
      return "; if it is meant, set base = " + std::to_string(base);
    }
  }
  return "";
}

// The units that read the text.
std::string UnitHint(std::string_view text, const NumberForm& form) {
  std::vector<std::string_view> units;
  for (const Unit& unit : Units()) {
    NumberForm other{.unit = &unit};
    if (&unit != form.unit && ReadNumber(text, other)) {
      units.push_back(unit.name);
    }
  }
  return units.empty() ? ""
                       : "; if it is meant, set unit = " + QuoteChoices(units);
}

// The words for a unit, without those that differ only by a capital letter.
std::vector<std::string_view> SmallWords(const Unit& unit) {
  std::vector<std::string_view> words;
  for (const std::string_view word : unit.spellings) {
    const bool is_capitalized =
        word.size() > 2 &&
        std::ranges::find(unit.spellings, Lower(word)) != unit.spellings.end();
    if (!is_capitalized || Lower(word) == word) {
      words.push_back(word);
    }
  }
  return words;
}

// What may follow the number, as it does not end so.
std::string EndHint(std::string_view text, const NumberForm& form) {
  const std::string begin = "; behind the number may stand ";
  if (form.unit != nullptr && form.unit->kind == UnitKind::kFixed) {
    return begin + QuoteChoices(SmallWords(*form.unit));
  }
  if (form.unit != nullptr && form.unit->kind != UnitKind::kDuration) {
    const bool is_1024 = form.unit->kind == UnitKind::kSize1024;
    return begin +
           "B, bytes, or one of K, M, G, T, P, E, alone or before B, i "
           "or iB" +
           (is_1024 ? "" : "; m, g, t, p and e alone are not read") +
           (form.suffix.empty() ? "" : "; then " + Quote(form.suffix));
  }
  if (!form.suffix.empty()) {
    return begin + Quote(form.suffix);
  }
  const std::string_view rest =
      Trim(text.substr(NumberLength(text, form.grouping)));
  const bool is_word = !rest.empty() && Printable(rest) == rest &&
                       std::ranges::none_of(rest, IsDigit);
  return form.unit == nullptr && is_word && form.base == kDecimalBase
             ? "; if " + Quote(rest) +
                   " can be ignored, set suffix = " + Quote(rest)
             : "";
}

// "01:02", "1-02:03", and as uptime prints it: "3 days,  2:03".
bool IsShortClock(std::string_view text) {
  if (std::ranges::count(text, ':') != 1) {
    return false;
  }
  if (text.find_first_not_of("0123456789:-") == std::string_view::npos) {
    return true;
  }
  const std::size_t blank = text.find_last_of(" ,");
  return blank != std::string_view::npos &&
         IsShortClock(text.substr(blank + 1)) && text.find("day") < blank;
}

// As whole words: the M of Min. and the y of days are none.
bool NamesMonthOrYear(std::string_view text) {
  constexpr std::array<std::string_view, 9> kWords = {
      "y", "yr", "yrs", "year", "years", "mon", "mons", "month", "months"};
  while (!text.empty()) {
    const auto* const end = std::ranges::find_if_not(text, IsLetter);
    const auto length = static_cast<std::size_t>(end - text.begin());
    const std::string_view word = text.substr(0, length);
    if (word == "M" || std::ranges::find(kWords, Lower(word)) != kWords.end()) {
      return true;
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return false;
}

std::string DurationHint(std::string_view text) {
  if (IsShortClock(text)) {
    return "; it may be hours and minutes, or minutes and seconds: take it "
           "apart with format \"regex\"";
  }
  if (NamesMonthOrYear(text)) {
    return "; months and years have no fixed length";
  }
  return "; it may be one or several numbers, each followed by ns, us, ms, s, "
         "m, h, d, w or a word such as minutes, or a clock such as 01:09:48 or "
         "2-01:24:56";
}

}  // namespace

std::string NumberHint(std::string_view text, const NumberForm& form) {
  text = Trim(text);
  const bool has_own_units =
      form.unit != nullptr && form.unit->kind != UnitKind::kFixed;
  if (IsBareNumber(text)) {
    const bool lacks_unit = has_own_units && form.bare == nullptr;
    return lacks_unit ? "; it has no unit: name the one that is meant, such as "
                        "bare = " +
                            Quote(form.unit->base == "bytes" ? "B" : "s")
                      : FractionHint(text, form);
  }
  if (NumberLength(text, form.grouping) == 0) {
    return "";
  }
  std::string hint;
  if (form.base == kDecimalBase) {
    hint = form.grouping == '\0' ? GroupHint(text, form) : "";
    hint += FractionHint(text, form);
  }
  hint += BaseHint(text, form);
  if (!hint.empty() || form.base != kDecimalBase) {
    return hint;
  }
  if (has_own_units && form.unit->kind == UnitKind::kDuration) {
    return DurationHint(text);
  }
  hint = UnitHint(text, form);
  if (form.unit != nullptr || hint.empty()) {
    hint.insert(0, EndHint(text, form));
  }
  return hint;
}

}  // namespace command_exporter
