#include "core/base/text.hpp"

#include <algorithm>
#include <numeric>

namespace command_exporter {

namespace {

constexpr std::string_view kBlanks = " \t\r\n\f\v";
constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kCut = "...";

// The edit distance that counts two swapped neighbours as one step, because
// that is the commonest typing error ("nmae").
// https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance (restricted form)
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(last);
    last.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({last[j - 1] + cost, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row.back();
}

}  // namespace

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) {
    return text.substr(text.size());
  }
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

std::string_view Strip(std::string_view text, std::string_view characters) {
  const std::size_t begin = text.find_first_not_of(characters);
  return begin == std::string_view::npos
             ? std::string_view{}
             : text.substr(begin,
                           text.find_last_not_of(characters) - begin + 1);
}

std::string_view WithoutByteOrderMark(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  return text.starts_with(kByteOrderMark) ? text.substr(kByteOrderMark.size())
                                          : text;
}

bool NextLine(std::string_view& rest, std::string_view& line) {
  if (rest.empty()) {
    return false;
  }
  const std::size_t end = rest.find('\n');
  line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (end != std::string_view::npos && line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return true;
}

std::vector<std::string_view> SplitBlanks(std::string_view text) {
  constexpr std::size_t kUsualFields = 8;
  std::vector<std::string_view> fields;
  fields.reserve(kUsualFields);
  const char* const end = text.data() + text.size();
  for (const char* at = text.data(); at != end;) {
    if (*at == ' ' || *at == '\t') {
      ++at;
      continue;
    }
    const char* const first = at;
    while (at != end && *at != ' ' && *at != '\t') {
      ++at;
    }
    fields.emplace_back(first, static_cast<std::size_t>(at - first));
  }
  return fields;
}

std::string Printable(std::string_view text, std::size_t limit) {
  std::string out;
  std::size_t room_for_cut = 0;  // out's length that leaves room for kCut
  while (!text.empty()) {
    const std::size_t length = PrintableLength(text);
    if (length != 0) {
      out += text.substr(0, length);
    } else {
      const auto byte = static_cast<unsigned char>(text.front());
      out += "\\x";
      out += kHexDigits[byte >> 4U];
      out += kHexDigits[byte & 0xFU];
    }
    if (out.size() > limit) {
      out.resize(room_for_cut);
      out += kCut.substr(0, limit);
      return out;
    }
    if (out.size() + kCut.size() <= limit) {
      room_for_cut = out.size();
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

std::string Quote(std::string_view text) {
  std::string quoted = "\"";
  quoted += Printable(text);
  quoted += '"';
  return quoted;
}

std::string_view LastLine(std::string_view text) {
  const std::size_t last = text.find_last_not_of(kBlanks);
  if (last == std::string_view::npos) {
    return {};
  }
  text = text.substr(0, last + 1);
  const std::size_t newline = text.rfind('\n');
  return newline == std::string_view::npos ? text : text.substr(newline + 1);
}

std::string_view Nearest(std::string_view word,
                         std::span<const std::string_view> candidates) {
  std::size_t best = std::max<std::size_t>(word.size() / 3, 1) + 1;
  std::string_view nearest;
  for (const std::string_view candidate : candidates) {
    const std::size_t difference = candidate.size() > word.size()
                                       ? candidate.size() - word.size()
                                       : word.size() - candidate.size();
    if (difference >= best) {
      continue;
    }
    const std::size_t distance = EditDistance(word, candidate);
    if (distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string DidYouMean(std::string_view word,
                       std::span<const std::string_view> candidates) {
  const std::string_view nearest = Nearest(word, candidates);
  return nearest.empty() ? std::string{}
                         : "; did you mean " + Quote(nearest) + "?";
}

std::string JoinWords(std::span<const std::string_view> words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i != 0) {
      out += i + 1 == words.size() ? " and " : ", ";
    }
    out += words[i];
  }
  return out;
}

std::string QuoteChoices(std::span<const std::string_view> choices) {
  std::string text;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) {
      text += i + 1 == choices.size() ? " or " : ", ";
    }
    text += Quote(choices[i]);
  }
  return text;
}

std::string Counted(std::uint64_t count, std::string_view singular) {
  return std::to_string(count) + " " + std::string(singular) +
         (count == 1 ? "" : "s");
}

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    c = Lower(c);
  }
  return lower;
}

}  // namespace command_exporter
