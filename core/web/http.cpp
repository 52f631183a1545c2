#include "core/web/http.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include "core/base/number.hpp"
#include "core/base/text.hpp"

namespace command_exporter {
namespace {

struct Phrase {
  int status{};
  std::string_view text{};
};

constexpr std::array<Phrase, 12> kPhrases = {{
    {200, "OK"},
    {400, "Bad Request"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {411, "Length Required"},
    {413, "Content Too Large"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {505, "HTTP Version Not Supported"},
}};

}  // namespace

std::string_view Request::Header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (EqualsIgnoringCase(key, name)) {
      return value;
    }
  }
  return {};
}

Response PlainText(int status, std::string body) {
  return Response{
      status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(body)};
}

std::string_view StatusText(int status) {
  const auto* const found =
      std::ranges::find(kPhrases, status, &Phrase::status);
  return found == kPhrases.end() ? std::string_view{} : found->text;
}

std::optional<std::string> DecodePath(std::string_view raw) {
  constexpr int kHexadecimal = 16;
  std::string path;
  path.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    char c = raw[i];
    if (c == '%') {
      const std::string_view digits = raw.substr(i + 1, 2);
      const auto code = ParseInteger<unsigned char>(digits, kHexadecimal);
      if (digits.size() < 2 || !code) {
        return std::nullopt;
      }
      c = static_cast<char>(*code);
      i += 2;
    }
    if (c == '\0') {
      return std::nullopt;
    }
    path.push_back(c);
  }
  return path;
}

bool HasToken(std::string_view header, std::string_view token) {
  while (!header.empty()) {
    const std::size_t comma = header.find(',');
    if (EqualsIgnoringCase(Trim(header.substr(0, comma)), token)) {
      return true;
    }
    if (comma == std::string_view::npos) {
      return false;
    }
    header.remove_prefix(comma + 1);
  }
  return false;
}

}  // namespace command_exporter
