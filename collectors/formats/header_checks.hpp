// What speaks against a line being the header, and against a row being one.
//
// `columns` name the fields by their number, and the header then gives nothing
// but its line. So a row that is taken for it would be lost without notice, and
// a name that the header has in another place would get the field of another
// one. And a header that comes again is no row.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_COLLECTORS_FORMATS_HEADER_CHECKS_HPP_
#define COMMAND_EXPORTER_COLLECTORS_FORMATS_HEADER_CHECKS_HPP_

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/reason.hpp"
#include "core/config/config.hpp"

namespace command_exporter {

// With `columns`, if nobody wrote `header = true`: a failure if none of the
// columns is in the header and one of its words begins like a number. `where`:
// "line 1".
std::optional<Failure> CheckIsHeader(std::span<const std::string_view> words,
                                     const FormatConfig& config,
                                     std::string_view where);

// For names that belong to the fields by their number: a failure if one of the
// columns is the header's name for another field.
std::optional<Failure> CheckOrder(std::span<const std::string_view> names,
                                  const FormatConfig& config,
                                  std::string_view where);

// `column` is the name with the number `name` of the header.
Failure WrongOrder(std::string_view where, const std::string& name,
                   std::size_t in_header, std::size_t in_columns);

// The fields are the words of the header.
bool IsHeaderAgain(std::span<const std::string_view> fields,
                   std::span<const std::string_view> header);

Failure HeaderAgain(std::string_view where);

// With header = false: the row has the names of `columns`, so it is a header.
bool IsUnexpectedHeader(std::span<const std::string_view> fields,
                        const FormatConfig& config);

Failure UnexpectedHeader(std::string_view where);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_COLLECTORS_FORMATS_HEADER_CHECKS_HPP_
