// Here-documents of a shell command line: `<<END`, and the lines up to END.
//
// A body is text and no command, whatever quotes and bars it holds. Only
// substitutions are read in it, unless a part of END is quoted. Source: POSIX,
// Shell Command Language, 2.7.4.
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_HERE_DOCUMENT_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_HERE_DOCUMENT_HPP_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace command_exporter {

struct HereDocument {
  std::string end{};
  bool is_quoted{};  // nothing is substituted in it
  bool has_tabs{};   // <<-: tabs before its lines do not count
};

// The operator and its word at `at`, which moves behind them. None: there is no
// such operator; `at` stays.
std::optional<HereDocument> TakeHereDocument(std::string_view text,
                                             std::size_t& at);

// The body at `at`, the beginning of a line, which moves behind the line that
// ends it, or to the end of the text.
std::string_view TakeBody(const HereDocument& document, std::string_view text,
                          std::size_t& at);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_HERE_DOCUMENT_HPP_
