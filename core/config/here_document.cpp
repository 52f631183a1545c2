#include "core/config/here_document.hpp"

#include <algorithm>

namespace command_exporter {

std::optional<HereDocument> TakeHereDocument(std::string_view text,
                                             std::size_t& at) {
  const std::string_view rest = text.substr(at);
  if (!rest.starts_with("<<") || rest.starts_with("<<<")) {
    return std::nullopt;
  }
  HereDocument document;
  document.has_tabs = rest.starts_with("<<-");
  at += document.has_tabs ? 3 : 2;
  at = std::min(text.find_first_not_of(" \t", at), text.size());
  const std::size_t end =
      std::min(text.find_first_of(" \t\n;&|<>()", at), text.size());
  for (const char c : text.substr(at, end - at)) {
    if (c == '\'' || c == '"' || c == '\\') {
      document.is_quoted = true;
    } else {
      document.end += c;
    }
  }
  at = end;
  return document;
}

std::string_view TakeBody(const HereDocument& document, std::string_view text,
                          std::size_t& at) {
  const std::size_t begin = at;
  while (at < text.size()) {
    const std::size_t line_begin = at;
    std::string_view line = text.substr(at, text.find('\n', at) - at);
    at = std::min(at + line.size() + 1, text.size());
    if (document.has_tabs) {
      line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
    }
    if (line == document.end) {
      return text.substr(begin, line_begin - begin);
    }
  }
  return text.substr(begin);
}

}  // namespace command_exporter
