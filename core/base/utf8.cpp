// The functions of text.hpp that decode UTF-8.
// https://www.unicode.org/versions/latest/core-spec/chapter-3/ (table 3-7)
#include <cstdint>
#include <cstring>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

// What may follow a lead byte: the number of bytes in all, and the range of the
// second, which excludes overlong forms, surrogates and values above U+10FFFF.
struct Lead {
  std::size_t length{};
  unsigned char low{};
  unsigned char high{};
};

Lead ReadLead(unsigned char byte) {
  if (byte < 0x80) {
    return {1, 0, 0};
  }
  if (byte >= 0xC2 && byte <= 0xDF) {
    return {2, 0x80, 0xBF};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    const bool first = byte == 0xE0;
    const bool surrogates = byte == 0xED;
    return {3, static_cast<unsigned char>(first ? 0xA0 : 0x80),
            static_cast<unsigned char>(surrogates ? 0x9F : 0xBF)};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    const bool first = byte == 0xF0;
    const bool last = byte == 0xF4;
    return {4, static_cast<unsigned char>(first ? 0x90 : 0x80),
            static_cast<unsigned char>(last ? 0x8F : 0xBF)};
  }
  return {};
}

unsigned char At(std::string_view text, std::size_t index) {
  return static_cast<unsigned char>(text[index]);
}

}  // namespace

std::size_t Utf8Length(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const Lead lead = ReadLead(At(text, 0));
  if (lead.length <= 1) {
    return lead.length;
  }
  if (text.size() < lead.length || At(text, 1) < lead.low ||
      At(text, 1) > lead.high) {
    return 0;
  }
  for (std::size_t i = 2; i < lead.length; ++i) {
    if (At(text, i) < 0x80 || At(text, i) > 0xBF) {
      return 0;
    }
  }
  return lead.length;
}

bool IsValidUtf8(std::string_view text) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  while (!text.empty()) {
    std::uint64_t word = 0;
    while (text.size() >= sizeof(word)) {
      std::memcpy(&word, text.data(), sizeof(word));
      if ((word & kHighBits) != 0) {
        break;
      }
      text.remove_prefix(sizeof(word));
    }
    while (!text.empty() && At(text, 0) < 0x80) {
      text.remove_prefix(1);
    }
    if (text.empty()) {
      break;
    }
    const std::size_t length = Utf8Length(text);
    if (length == 0) {
      return false;
    }
    text.remove_prefix(length);
  }
  return true;
}

namespace {

// Invisible characters, because a message with one would show nothing wrong,
// and those that reverse the text around them: no-break space, soft hyphen,
// U+200B to U+200F, U+2028 to U+202E, U+2060 to U+206F, U+FEFF.
// https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
bool IsInvisible(std::string_view character) {
  const unsigned char first = At(character, 0);
  const unsigned char second = At(character, 1);
  if (character.size() == 2) {
    return (first == 0xC2 && (second == 0xA0 || second == 0xAD)) ||
           character == "\xD8\x9C";
  }
  if (character.size() != 3) {
    return false;
  }
  const unsigned char third = At(character, 2);
  if (first != 0xE2) {
    return character == "\xEF\xBB\xBF";
  }
  return (second == 0x80 && ((third >= 0x8B && third <= 0x8F) ||
                             (third >= 0xA8 && third <= 0xAE))) ||
         (second == 0x81 && third >= 0xA0 && third <= 0xAF);
}

}  // namespace

std::size_t PrintableLength(std::string_view text) {
  const std::size_t length = Utf8Length(text);
  if (length == 1) {
    const unsigned char byte = At(text, 0);
    return byte < 0x20 || byte == 0x7F ? 0 : 1;
  }
  // U+0080 to U+009F control a terminal as ESC does.
  if (length == 2 && At(text, 0) == 0xC2 && At(text, 1) < 0xA0) {
    return 0;
  }
  return length > 1 && IsInvisible(text.substr(0, length)) ? 0 : length;
}

}  // namespace command_exporter
