// FieldReader: the fields that a metric names, found in the rows of one run.
//
// Each name is looked up once; then a field of a row costs a glance. `_line`
// and `_exit_code` are fields of every row and are made when asked for.
//
// Thread safety: immutable.
#ifndef COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_READER_HPP_
#define COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_READER_HPP_

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "collectors/formats/rows.hpp"

namespace command_exporter {

class FieldReader {
 public:
  // Stands for a row where there is none: it has no fields.
  static constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

  // Room for the text of a field that is made.
  using Buffer = std::array<char, 24>;

  // `fields`: names; the functions below speak of them by their index.
  FieldReader(const std::vector<std::string>& fields, const Rows& rows);

  // None: the row has no such field. The text may stand in `buffer`.
  std::optional<std::string_view> Text(std::size_t field, std::size_t row,
                                       Buffer& buffer) const;

  // Some row may have it.
  bool Exists(std::size_t field) const {
    return IsMade(field) || places_[field].column != Rows::kNoColumn;
  }

  // It is not a part of the output.
  bool IsMade(std::size_t field) const {
    return places_[field].kind != Kind::kColumn;
  }

 private:
  enum class Kind { kColumn, kLine, kExitCode };

  struct Place {
    Kind kind{Kind::kColumn};
    std::size_t column{Rows::kNoColumn};
  };

  const Rows& rows_;
  std::vector<Place> places_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_READER_HPP_
