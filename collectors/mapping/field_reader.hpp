// FieldReader: finds the fields of a metric in the rows of one run.
//
// Each name is looked up once; after that, access to a field of a row is cheap.
// `_line` and `_exit_code` are fields of every row and are created on demand.
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
  // A placeholder for "no row"; it has no fields.
  static constexpr std::size_t kNoRow = static_cast<std::size_t>(-1);

  // Memory for the text of a created field.
  using Buffer = std::array<char, 24>;

  // `fields`: names; the functions below use their index. `missing`: the texts
  // that mean "not there".
  FieldReader(const std::vector<std::string>& fields,
              const std::vector<std::string>& missing, const Rows& rows);

  // None: the row lacks the field, or its text means so. The text may be stored
  // in `buffer`.
  std::optional<std::string_view> Text(std::size_t field, std::size_t row,
                                       Buffer& buffer) const;

  // True if some row may have the field.
  bool Exists(std::size_t field) const {
    return IsMade(field) || places_[field].column != Rows::kNoColumn;
  }

  // True if the row has the field, whatever its text means.
  bool IsPrinted(std::size_t field, std::size_t row) const {
    return Exists(field) &&
           (IsMade(field) || rows_.Get(row, places_[field].column).has_value());
  }

  // True if any row has it.
  bool IsPrinted(std::size_t field) const;

  // True if the field is not part of the output.
  bool IsMade(std::size_t field) const {
    return places_[field].kind != Kind::kColumn;
  }

 private:
  enum class Kind { kColumn, kLine, kExitCode };

  struct Place {
    Kind kind{Kind::kColumn};
    std::size_t column{Rows::kNoColumn};
  };

  const std::vector<std::string>& missing_;
  const Rows& rows_;
  std::vector<Place> places_;
};

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_MAPPING_FIELD_READER_HPP_
