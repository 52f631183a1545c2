#include "collectors/formats/line_reader.hpp"

#include "core/base/text.hpp"

namespace command_exporter {

bool LineReader::Next() {
  ++index_;
  return NextLine(rest_, line_);
}

std::string LineReader::Where() const {
  return "line " + std::to_string(number());
}

}  // namespace command_exporter
