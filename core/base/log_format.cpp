// Writes the fields of a log line; log.cpp writes the line.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/base/log.hpp"
#include "core/base/text.hpp"

namespace command_exporter {

namespace {

constexpr std::array<std::string_view, 4> kLevelNames = {"DEBUG", "INFO",
                                                         "WARN", "ERROR"};
constexpr std::string_view kHexDigits = "0123456789abcdef";

std::string_view LevelName(LogLevel level) {
  return kLevelNames[static_cast<std::size_t>(level)];
}

void AppendHex(std::string& out, unsigned char byte) {
  out += kHexDigits[byte >> 4U];
  out += kHexDigits[byte & 0xFU];
}

// Appends the escape that logfmt and JSON share, if `c` has one.
bool AppendShortEscape(std::string& out, char c) {
  constexpr std::string_view kEscaped = "\"\\\n\r\t";
  constexpr std::string_view kLetters = "\"\\nrt";
  const std::size_t at = kEscaped.find(c);
  if (at == std::string_view::npos) {
    return false;
  }
  out += '\\';
  out += kLetters[at];
  return true;
}

// The code point of a character of up to three bytes; longer ones are never
// escaped.
std::uint32_t CodePoint(std::string_view character) {
  const auto bits = [&](std::size_t i, unsigned int mask) {
    return static_cast<unsigned char>(character[i]) & mask;
  };
  switch (character.size()) {
    case 1:
      return bits(0, 0x7F);
    case 2:
      return bits(0, 0x1F) << 6U | bits(1, 0x3F);
    default:
      return bits(0, 0x0F) << 12U | bits(1, 0x3F) << 6U | bits(2, 0x3F);
  }
}

// Appends one character of `text` that must be escaped, and returns its length.
// JSON holds only characters, so an invalid byte becomes U+FFFD there.
std::size_t AppendLongEscape(std::string& out, LogFormat format,
                             std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const std::size_t length = std::max<std::size_t>(Utf8Length(text), 1);
  if (format == LogFormat::kJson) {
    if (Utf8Length(text) == 0) {
      out += "\\ufffd";
    } else {
      const std::uint32_t code = CodePoint(text.substr(0, length));
      out += "\\u";
      AppendHex(out, static_cast<unsigned char>(code >> 8U));
      AppendHex(out, static_cast<unsigned char>(code & 0xFFU));
    }
    return length;
  }
  out += "\\x";
  AppendHex(out, first);
  return 1;
}

void AppendQuoted(std::string& out, LogFormat format, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    std::size_t length = 1;
    if (!AppendShortEscape(out, text.front())) {
      length = PrintableLength(text);
      if (length != 0) {
        out += text.substr(0, length);
      } else {
        length = AppendLongEscape(out, format, text);
      }
    }
    text.remove_prefix(length);
  }
  out += '"';
}

// True when logfmt can carry `value` without quotes.
bool IsBare(std::string_view value) {
  if (value.empty()) {
    return false;
  }
  while (!value.empty()) {
    const std::size_t length = PrintableLength(value);
    if (length == 0 || value.front() == ' ' || value.front() == '"' ||
        value.front() == '=') {
      return false;
    }
    value.remove_prefix(length);
  }
  return true;
}

std::string Logfmt(LogLevel level, std::span<const LogField> fields) {
  std::string out = "level=";
  out += LevelName(level);
  for (const LogField& field : fields) {
    out += ' ';
    out += field.key;
    out += '=';
    if (IsBare(field.value)) {
      out += field.value;
    } else {
      AppendQuoted(out, LogFormat::kLogfmt, field.value);
    }
  }
  return out;
}

std::string Json(LogLevel level, std::span<const LogField> fields) {
  std::string out = R"({"level":")";
  out += LevelName(level);
  out += '"';
  for (const LogField& field : fields) {
    out += ',';
    AppendQuoted(out, LogFormat::kJson, field.key);
    out += ':';
    AppendQuoted(out, LogFormat::kJson, field.value);
  }
  out += '}';
  return out;
}

}  // namespace

std::string FormatLogFields(LogLevel level, LogFormat format,
                            std::span<const LogField> fields) {
  return format == LogFormat::kJson ? Json(level, fields)
                                    : Logfmt(level, fields);
}

}  // namespace command_exporter
