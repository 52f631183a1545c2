// The part of exposition_line_reader.hpp that reads HELP, TYPE, UNIT and EOF.
#include "core/base/names.hpp"
#include "core/base/text.hpp"
#include "core/metrics/reading/exposition_line_reader.hpp"

namespace command_exporter {

// Only "#", blanks, HELP or TYPE, blanks, and a name make more than a comment.
bool ExpositionLineReader::ReadComment() {
  rest_.remove_prefix(1);
  if (rest_.empty() || !IsExpositionBlank(rest_.front())) {
    return true;
  }
  SkipBlanks();
  const std::string_view word = TakeToken();
  SkipBlanks();
  if (word == "EOF" && rest_.empty()) {
    line_.kind = LineKind::kEnd;
    return true;
  }
  const bool is_unit =
      word == "UNIT" && format_ == ExpositionFormat::kOpenMetrics;
  if ((word != "HELP" && word != "TYPE" && !is_unit) || rest_.empty()) {
    return true;
  }
  if (!ReadCommentName(word)) {
    return false;
  }
  SkipBlanks();
  line_.text = rest_;
  if (word == "HELP") {
    line_.kind = LineKind::kHelp;
    return is_utf8_ || IsValidUtf8(line_.text) ||
           Fail("the HELP text is not valid UTF-8");
  }
  line_.kind = is_unit ? LineKind::kUnit : LineKind::kType;
  return is_unit || !line_.text.empty() ||
         Fail("the type is missing after # TYPE");
}

// Requires: something is next.
bool ExpositionLineReader::ReadCommentName(std::string_view word) {
  if (rest_.starts_with('"')) {
    unescaped_.clear();
    unescaped_.reserve(rest_.size());
    return ReadQuotedName(line_.name) &&
           (rest_.empty() || IsExpositionBlank(rest_.front()) ||
            FailAt("expected a blank after a name in quotes", rest_));
  }
  line_.name = TakeToken();
  return IsMetricName(line_.name) ||
         Fail(Quote(line_.name) + " after # " + std::string(word) +
              " is not a legal metric name");
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
