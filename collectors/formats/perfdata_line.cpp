#include "collectors/formats/perfdata_line.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "collectors/formats/plugin_unit.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kBlanks = " \t\r";
constexpr std::size_t kNone = std::string_view::npos;

std::string_view SkipBlanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(kBlanks), text.size()));
}

std::size_t WordLength(std::string_view text) {
  return std::min(text.find_first_of(kBlanks), text.size());
}

// The length of the quoted text at the start of `text`, with both quotes; 0 if
// it is not closed. A doubled quote is one of the text.
std::size_t QuotedLength(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\'' && text.substr(i + 1).starts_with('\'')) {
      ++i;
    } else if (text[i] == '\'') {
      return i + 1;
    }
  }
  return 0;
}

bool IsEqualSignNext(std::string_view text) {
  return SkipBlanks(text).starts_with('=');
}

// True if one label and its `=` come next.
bool IsLabelNext(std::string_view text) {
  const std::size_t length = text.starts_with('\'')
                                 ? QuotedLength(text)
                                 : text.find_first_of(" \t\r=");
  return length != 0 && length != kNone && IsEqualSignNext(text.substr(length));
}

std::string Unquoted(std::string_view quoted) {
  std::string text;
  for (std::size_t i = 1; i + 1 < quoted.size(); ++i) {
    text += quoted[i];
    i += quoted[i] == '\'' ? 1U : 0U;
  }
  return text;
}

// `a=0,b=1`: the comma that parts a value from the label behind it, where
// `text` is all between the two `=`. Commas in front of more digits belong to
// the value. None if the label might have a comma itself.
std::size_t CommaBeforeLabel(std::string_view text) {
  std::size_t comma = text.find(',');
  while (comma != kNone) {
    const std::string_view piece = text.substr(comma + 1);
    const std::size_t next = piece.find(',');
    if (next == kNone) {
      const bool is_label =
          !piece.empty() && piece.find(';') == std::string_view::npos;
      return is_label ? comma : kNone;
    }
    if (!IsDigit(piece.front())) {
      return kNone;
    }
    comma += next + 1;
  }
  return kNone;
}

class Splitter {
 public:
  explicit Splitter(std::string_view data) : rest_(data) {}

  std::vector<PerfdataText> Split() {
    while (true) {
      rest_ = rest_.substr(
          std::min(rest_.find_first_not_of(" \t\r,"), rest_.size()));
      if (rest_.empty()) {
        return std::move(data_);
      }
      ReadDatum();
    }
  }

 private:
  void ReadDatum() {
    const std::string_view begin = rest_;
    PerfdataText datum;
    std::size_t words = 0;
    for (; !rest_.starts_with('='); rest_ = SkipBlanks(rest_)) {
      if (rest_.empty() || !ReadWord(datum.label)) {
        AddNoDatum(begin);
        return;
      }
      ++words;
    }
    const std::string_view label =
        Trim(begin.substr(0, begin.size() - rest_.size()));
    rest_.remove_prefix(1);
    const auto value = ReadValue(datum.fault);
    if (!value) {
      AddNoDatum(begin);
      return;
    }
    datum.value = *value;
    if (!datum.fault.empty()) {
      datum.fault = '"' + Printable(datum.label) + "\": " + datum.fault;
    }
    if (datum.label.empty()) {
      datum.fault =
          "a value without a label: \"=" + Printable(datum.value, kShown) + '"';
    } else if (words > 1) {
      datum.fault = "the label \"" + Printable(label, kShown) +
                    "\" has blanks and no quotes around them";
    }
    data_.push_back(std::move(datum));
  }

  // False: a quote is not closed, so that nothing behind it is certain.
  bool ReadWord(std::string& label) {
    const bool quoted = rest_.starts_with('\'');
    const std::size_t length =
        quoted ? QuotedLength(rest_)
               : std::min(rest_.find_first_of(" \t\r="), rest_.size());
    const std::string_view word = rest_.substr(0, length);
    label = quoted ? Unquoted(word) : std::string(word);
    rest_.remove_prefix(length);
    return length > 0;
  }

  // None: a quote is not closed.
  std::optional<std::string_view> ReadValue(std::string& fault) {
    if (kBlanks.find(rest_.empty() ? ' ' : rest_.front()) != kNone) {
      rest_ = SkipBlanks(rest_);
      if (IsLabelNext(rest_)) {
        return std::string_view{};
      }
    }
    if (rest_.starts_with('\'')) {
      const std::size_t length = QuotedLength(rest_);
      if (length == 0 || IsLabelNext(rest_)) {
        return length == 0 ? std::nullopt : std::optional<std::string_view>("");
      }
      return Take(length + WordLength(rest_.substr(length)));
    }
    const std::string_view before = rest_;
    std::string_view value = Take(ValueLength());
    if (value.find('=') != kNone) {
      fault = '"' + Printable(value, kShown) + "\" has a second \"=\"";
      return value;
    }
    const std::size_t end = value.find_last_not_of(',');
    const bool has_comma = end + 1 < value.size();
    value = value.substr(0, end + 1);
    if (const std::size_t more = MoreOfValue(value, has_comma); more > 0) {
      rest_.remove_prefix(more);
      value = before.substr(0, before.size() - rest_.size());
      fault = "the value \"" + Printable(value, kShown) + "\" has blanks";
    }
    return value;
  }

  // Up to the next blank, or behind the comma in front of the next label.
  std::size_t ValueLength() const {
    const std::size_t end =
        std::min(rest_.find_first_of(" \t\r="), rest_.size());
    const std::string_view text = rest_.substr(0, end);
    for (std::size_t at = text.find(",'"); at != kNone;
         at = text.find(",'", at + 1)) {
      if (IsLabelNext(rest_.substr(at + 1))) {
        return at + 1;
      }
    }
    const bool has_equal = rest_.substr(end).starts_with('=');
    const std::size_t comma = has_equal ? CommaBeforeLabel(text) : kNone;
    return comma == kNone ? end + WordLength(rest_.substr(end)) : comma + 1;
  }

  // The length of a next word that may belong to the value, with the blanks in
  // front of it: a unit, or digits behind a comma.
  std::size_t MoreOfValue(std::string_view value, bool has_comma) const {
    const std::string_view next = SkipBlanks(rest_);
    if (value.empty() || next.empty() || IsLabelNext(next)) {
      return 0;
    }
    const std::string_view word = next.substr(0, WordLength(next));
    const bool belongs =
        has_comma ? IsDigit(word.front())
                  : FindPluginUnit(word.substr(0, word.find(';'))) != nullptr;
    return belongs ? rest_.size() - next.size() + word.size() : 0;
  }

  std::string_view Take(std::size_t length) {
    const std::string_view taken = rest_.substr(0, length);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  // All that is left.
  void AddNoDatum(std::string_view from) {
    PerfdataText datum;
    datum.fault = "expected label=value in the performance data, found \"" +
                  Printable(from, kShown) + '"';
    data_.push_back(std::move(datum));
    rest_ = {};
  }

  static constexpr std::size_t kShown = 40;

  std::string_view rest_;
  std::vector<PerfdataText> data_;
};

}  // namespace

std::vector<PerfdataText> SplitPerfdata(std::string_view data) {
  return Splitter(data).Split();
}

std::vector<std::string_view> SplitAtBars(std::string_view line) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool starts_word =
        i == begin || kBlanks.find(line[i - 1]) != kNone || line[i - 1] == ',';
    if (line[i] == '|') {
      parts.push_back(line.substr(begin, i - begin));
      begin = i + 1;
    } else if (line[i] == '\'' && starts_word) {
      const std::size_t length = QuotedLength(line.substr(i));
      if (length == 0) {
        break;
      }
      if (IsEqualSignNext(line.substr(i + length))) {
        i += length - 1;
      }
    }
  }
  parts.push_back(line.substr(begin));
  return parts;
}

}  // namespace command_exporter
