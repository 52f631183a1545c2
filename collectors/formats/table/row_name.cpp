#include "collectors/formats/table/row_name.hpp"

#include "collectors/formats/table/line_fields.hpp"

namespace command_exporter {

bool HaveRowNames(RowCursor header, std::span<const Place> names,
                  std::size_t least) {
  LineFields fields(least);
  bool is_one_longer = false;
  while (header.NextRow()) {
    fields.Split(header.line(), header.start(),
                 is_one_longer ? 1 : names.size() + 2);
    if (!fields.is_plain()) {
      fields.PlaceBy(Measure::kColumns);
    }
    if (fields[0].place.end >= names.front().begin) {
      return false;
    }
    is_one_longer = is_one_longer || fields.size() == names.size() + 1;
  }
  return is_one_longer;
}

}  // namespace command_exporter
