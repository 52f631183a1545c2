#include "collectors/mapping/field_reader.hpp"

#include <algorithm>
#include <charconv>

namespace command_exporter {

FieldReader::FieldReader(const std::vector<std::string>& fields,
                         const std::vector<std::string>& missing,
                         const Rows& rows)
    : missing_(missing),
      rows_(rows) {
  places_.reserve(fields.size());
  for (const std::string& field : fields) {
    if (field == "_line") {
      places_.push_back({Kind::kLine});
    } else if (field == "_exit_code") {
      places_.push_back({Kind::kExitCode});
    } else {
      places_.push_back({Kind::kColumn, rows.FindColumn(field)});
    }
  }
}

std::optional<std::string_view> FieldReader::Text(std::size_t field,
                                                  std::size_t row,
                                                  Buffer& buffer) const {
  const Place& place = places_[field];
  if (row == kNoRow) {
    return std::nullopt;
  }
  if (place.kind == Kind::kColumn) {
    auto text = place.column == Rows::kNoColumn ? std::nullopt
                                                : rows_.Get(row, place.column);
    const bool is_missing =
        text && std::ranges::find(missing_, *text) != missing_.end();
    return is_missing ? std::nullopt : text;
  }
  char* const end = buffer.data() + buffer.size();
  const auto written = place.kind == Kind::kLine
                           ? std::to_chars(buffer.data(), end, rows_.line(row))
                           : std::to_chars(buffer.data(), end, rows_.exit_code);
  return std::string_view(
      buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
}

bool FieldReader::IsPrinted(std::size_t field) const {
  for (std::size_t row = 0; row < rows_.size(); ++row) {
    if (IsPrinted(field, row)) {
      return true;
    }
  }
  return false;
}

}  // namespace command_exporter
