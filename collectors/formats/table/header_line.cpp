#include "collectors/formats/table/header_line.hpp"

#include "core/base/text.hpp"

namespace command_exporter {

HeaderLine::HeaderLine(std::string_view line, std::size_t least) {
  for (const Measure measure : kAllMeasures) {
    LineFields& words = words_.emplace_back(least);
    words.Split(line);
    words.PlaceBy(measure);
  }
}

std::vector<HeaderGrouping> HeaderLine::Groupings(
    const std::vector<std::string>& columns) const {
  if (!columns.empty()) {
    return GroupHeader(words_.front(), columns);
  }
  HeaderGrouping grouping;
  for (std::size_t word = 0; word < size(); ++word) {
    grouping.push_back({word, word});
  }
  return {std::move(grouping)};
}

MeasuredPlaces HeaderLine::Places(const HeaderGrouping& grouping) const {
  MeasuredPlaces places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    places[i] = NamePlaces(words_[i], grouping);
  }
  return places;
}

std::string HeaderLine::ColumnsToPaste() const {
  constexpr std::size_t kLongest = 400;
  constexpr std::size_t kWide = 2;
  LineFields names(kWide);
  names.Split(words_.front().line());
  if (names.size() >= size() || names.line().size() > kLongest) {
    return {};
  }
  std::string text = "columns = [";
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += (i > 0 ? ", " : "") + Quote(names.Text(i));
  }
  return text + "]";
}

}  // namespace command_exporter
