#include "collectors/formats/table/header_names.hpp"

#include <algorithm>
#include <string_view>

#include "core/base/text.hpp"

namespace command_exporter {
namespace {

bool IsDiscarded(std::string_view column) {
  return column.starts_with('_');
}

// Looks for the columns in the header as they are written.
class WrittenColumns {
 public:
  WrittenColumns(const LineFields& words, std::span<const std::string> columns)
      : words_(words),
        columns_(columns) {}

  std::optional<HeaderGrouping> Find() {
    while (grouping_.size() < columns_.size()) {
      if (!(IsDiscarded(columns_[grouping_.size()]) ? TakeDiscarded()
                                                    : TakeName())) {
        return std::nullopt;
      }
    }
    // A last name, as its cells, takes what is left.
    grouping_.back().last = words_.size() - 1;
    return std::move(grouping_);
  }

 private:
  // The number of words if `column` stands at the word `at`, else 0.
  std::size_t Match(std::string_view column, std::size_t at) const {
    const std::vector<std::string_view> parts = SplitBlanks(column);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      // With a separator of two blanks, one field holds several words.
      if (at + i >= words_.size() || words_.Text(at + i) != parts[i]) {
        return at < words_.size() && words_.Text(at) == column ? 1 : 0;
      }
    }
    return parts.size();
  }

  void Take(std::size_t count) {
    grouping_.push_back({next_, next_ + count - 1});
    next_ += count;
  }

  bool TakeName() {
    const std::size_t count = Match(columns_[grouping_.size()], next_);
    if (count == 0) {
      return false;
    }
    Take(count);
    return true;
  }

  // One word for each "_"; a single one takes all words up to the next name.
  bool TakeDiscarded() {
    const std::size_t begin = grouping_.size();
    std::size_t end = begin;
    while (end < columns_.size() && IsDiscarded(columns_[end])) {
      ++end;
    }
    const std::size_t names = end - begin;
    std::size_t words = names;
    if (end < columns_.size()) {
      while (Match(columns_[end], next_ + words) == 0) {
        if (names > 1 || next_ + words >= words_.size()) {
          return false;
        }
        ++words;
      }
    }
    if (next_ + names > words_.size()) {
      return false;
    }
    for (std::size_t i = 1; i < names; ++i) {
      Take(1);
    }
    Take(words - (names - 1));
    return true;
  }

  const LineFields& words_;
  std::span<const std::string> columns_;
  std::size_t next_ = 0;  // word
  HeaderGrouping grouping_;
};

// All ways to make `names` names of the words. Words of one name have one blank
// between them, so any wider gap parts two names.
class PossibleGroupings {
 public:
  PossibleGroupings(const LineFields& words, std::size_t names)
      : words_(words),
        names_(names),
        least_names_(words.size() + 1) {
    for (std::size_t word = words.size(); word-- > 0;) {
      const bool ends = word + 1 == words.size() || !words[word + 1].is_tight;
      least_names_[word] = least_names_[word + 1] + (ends ? 1 : 0);
    }
  }

  // None if there are too many.
  std::vector<HeaderGrouping> Find() {
    if (CanBe(0, names_)) {
      Extend(0);
    }
    if (found_.size() > kMostGroupings) {
      found_.clear();
    }
    return std::move(found_);
  }

 private:
  // Can the words from `word` on be so many names? Without this question, the
  // search could try all ways to fail.
  bool CanBe(std::size_t word, std::size_t names) const {
    return least_names_[word] <= names && names <= words_.size() - word;
  }

  void Extend(std::size_t word) {
    if (current_.size() == names_) {
      found_.push_back(current_);
      return;
    }
    const std::size_t left = names_ - current_.size() - 1;
    for (std::size_t last = word; last < words_.size(); ++last) {
      if ((last > word && !words_[last].is_tight) ||
          found_.size() > kMostGroupings) {
        return;
      }
      if (CanBe(last + 1, left)) {
        current_.push_back({word, last});
        Extend(last + 1);
        current_.pop_back();
      }
    }
  }

  const LineFields& words_;
  std::size_t names_;
  std::vector<std::size_t> least_names_;  // of the words from each on
  HeaderGrouping current_;
  std::vector<HeaderGrouping> found_;
};

// The words with which `column` begins in the header.
std::vector<std::size_t> WordsOf(std::string_view column,
                                 const std::vector<std::string_view>& words) {
  const std::vector<std::string_view> parts = SplitBlanks(column);
  std::vector<std::size_t> found;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const auto here =
        std::span(words).subspan(at, std::min(parts.size(), words.size() - at));
    // With a separator of two blanks, one field holds several words.
    if (EqualsIgnoringCase(words[at], column) ||
        std::ranges::equal(here, parts, EqualsIgnoringCase)) {
      found.push_back(at);
    }
  }
  return found;
}

std::optional<MisplacedName> FindMisplaced(
    const std::vector<std::vector<std::size_t>>& found,
    const HeaderGrouping& grouping) {
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto is_own = [range = grouping[i]](std::size_t word) {
      return word >= range.first && word <= range.last;
    };
    if (!found[i].empty() && std::ranges::none_of(found[i], is_own)) {
      const auto name = std::ranges::lower_bound(grouping, found[i].front(), {},
                                                 &WordRange::last);
      return MisplacedName{i,
                           static_cast<std::size_t>(name - grouping.begin())};
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<MisplacedName> RemoveMisplaced(
    const LineFields& words, std::span<const std::string> columns,
    std::vector<HeaderGrouping>& groupings) {
  const std::vector<std::string_view> texts = words.Texts();
  std::vector<std::vector<std::size_t>> found;
  for (const std::string& column : columns) {
    found.push_back(IsDiscarded(column) ? std::vector<std::size_t>{}
                                        : WordsOf(column, texts));
  }
  std::optional<MisplacedName> misplaced;
  std::erase_if(groupings, [&](const HeaderGrouping& grouping) {
    const auto wrong = FindMisplaced(found, grouping);
    misplaced = misplaced ? misplaced : wrong;
    return wrong.has_value();
  });
  return groupings.empty() ? misplaced : std::nullopt;
}

std::vector<HeaderGrouping> GroupHeader(const LineFields& words,
                                        std::span<const std::string> columns) {
  if (auto written = WrittenColumns(words, columns).Find()) {
    return {*std::move(written)};
  }
  if (words.size() < columns.size()) {
    return {};
  }
  return PossibleGroupings(words, columns.size()).Find();
}

std::vector<Place> NamePlaces(const LineFields& words,
                              const HeaderGrouping& grouping) {
  std::vector<Place> places;
  places.reserve(grouping.size());
  for (const WordRange& range : grouping) {
    const Place& first = words[range.first].place;
    places.push_back({first.begin, words[range.last].place.end, first.tabs});
  }
  return places;
}

}  // namespace command_exporter
