#include "collectors/formats/line_reader.hpp"

namespace command_exporter {

Failure CrInLine(const std::string& where) {
  return {Reason::kParse,
          where +
              " has a carriage return (CR) inside: lines must end with LF or "
              "CRLF; a shell can add | tr '\\r' '\\n'"};
}

bool LineReader::Next() {
  ++index_;
  return NextLine(rest_, line_);
}

std::string LineReader::Where() const {
  return "line " + std::to_string(number());
}

}  // namespace command_exporter
