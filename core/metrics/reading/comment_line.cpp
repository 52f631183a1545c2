#include "core/metrics/reading/comment_line.hpp"

#include "core/base/names.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

// Requires: something is next.
bool ReadName(std::string_view word, LineCursor& cursor,
              std::string_view& name) {
  if (cursor.Take('"')) {
    return cursor.TakeQuotedName(name) &&
           (cursor.AtEnd() || cursor.IsAtBlank() ||
            cursor.FailAt("expected a blank after a name in quotes",
                          cursor.rest()));
  }
  name = cursor.TakeToken();
  return IsMetricName(name) ||
         cursor.Fail(Quote(name) + " after # " + std::string(word) +
                     " is not a legal metric name");
}

}  // namespace

bool ReadCommentLine(ExpositionFormat format, LineCursor& cursor,
                     ExpositionLine& line) {
  if (!cursor.IsAtBlank()) {
    return true;
  }
  cursor.SkipBlanks();
  const std::string_view word = cursor.TakeToken();
  cursor.SkipBlanks();
  if (word == "EOF" && cursor.AtEnd()) {
    line.kind = LineKind::kEnd;
    return true;
  }
  const bool is_unit =
      word == "UNIT" && format == ExpositionFormat::kOpenMetrics;
  if ((word != "HELP" && word != "TYPE" && !is_unit) || cursor.AtEnd()) {
    return true;
  }
  if (!ReadName(word, cursor, line.name)) {
    return false;
  }
  cursor.SkipBlanks();
  line.text = cursor.rest();
  if (word == "HELP") {
    line.kind = LineKind::kHelp;
    return cursor.IsUtf8(line.text) ||
           cursor.Fail("the HELP text is not valid UTF-8");
  }
  line.kind = is_unit ? LineKind::kUnit : LineKind::kType;
  return is_unit || !line.text.empty() ||
         cursor.Fail("the type is missing after # TYPE");
}

std::string UnescapeHelp(std::string_view text, ExpositionFormat format) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    if (text.starts_with("\\\\")) {
      out += '\\';
      text.remove_prefix(2);
    } else if (text.starts_with("\\n")) {
      out += '\n';
      text.remove_prefix(2);
    } else if (format == ExpositionFormat::kOpenMetrics &&
               text.starts_with("\\\"")) {
      out += '"';
      text.remove_prefix(2);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

}  // namespace command_exporter
