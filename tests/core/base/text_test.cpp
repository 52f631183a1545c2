#include "core/base/text.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/pattern.hpp"

namespace command_exporter {
namespace {

using std::string_view_literals::operator""sv;

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::string_view line; NextLine(text, line);) {
    lines.push_back(line);
  }
  return lines;
}

TEST_CASE("trim takes the blanks at both ends") {
  CHECK(Trim(" \t\r\n\f\va b\v\f\n\r\t ") == "a b");
  CHECK(Trim("a") == "a");
  CHECK(Trim("").empty());
  CHECK(Trim(" \n ").empty());
}

TEST_CASE("lines end in newlines, with or without a carriage return") {
  using Views = std::vector<std::string_view>;
  CHECK(Lines("").empty());
  CHECK(Lines("a") == Views{"a"});
  CHECK(Lines("a\n") == Views{"a"});
  CHECK(Lines("a\r\nb\r\n") == Views{"a", "b"});
  CHECK(Lines("\n\na\n\n") == Views{"", "", "a", ""});
  CHECK(Lines("a\rb\n") == Views{"a\rb"});
  CHECK(Lines("a\0b\n"sv) == Views{"a\0b"sv});
}

TEST_CASE("fields are split at runs of blanks") {
  using Views = std::vector<std::string_view>;
  CHECK(SplitBlanks("").empty());
  CHECK(SplitBlanks(" \t ").empty());
  CHECK(SplitBlanks("a") == Views{"a"});
  CHECK(SplitBlanks("  a \t bc  ") == Views{"a", "bc"});
  CHECK(SplitBlanks("Mem:  15924 7000") == Views{"Mem:", "15924", "7000"});
}

TEST_CASE("UTF-8 is checked as the standard says") {
  for (const std::string_view good :
       {"", "a", "twelve letters", "\xC3\xA9", "eight by\xC3\xA9",
        "\xE2\x82\xAC", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80",
        "\xF4\x8F\xBF\xBF", "\xEF\xBB\xBFz"}) {
    CAPTURE(good);
    CHECK(IsValidUtf8(good));
  }
  CHECK(IsValidUtf8("a\0b"sv));
  for (const std::string_view bad :
       {"\x80", "\xC3", "\xC0\x80", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF",
        "\xE2\x82", "\xE2\x28\xA1", "\xF0\x90\x80", "sixteen letters!\xFF",
        "caf\xE9"}) {
    CAPTURE(bad);
    CHECK_FALSE(IsValidUtf8(bad));
  }
}

TEST_CASE("printable text has no control characters and a limit") {
  CHECK(Printable("plain \xC3\xA9") == "plain \xC3\xA9");
  CHECK(Printable("a\nb\x1B[0m\x7F") == "a\\x0ab\\x1b[0m\\x7f");
  CHECK(Printable("\xFF\xC2\x9B") == "\\xff\\xc2\\x9b");
  CHECK(Printable("\0"sv) == "\\x00");
  // Invisible characters, and those that reverse the text around them.
  CHECK(Printable("1\xC2\xA0\xEF\xBB\xBF") == "1\\xc2\\xa0\\xef\\xbb\\xbf");
  CHECK(Printable("\xE2\x80\xAE") == "\\xe2\\x80\\xae");
  CHECK(Printable("\xE2\x80\x94\xE2\x82\xAC") == "\xE2\x80\x94\xE2\x82\xAC");
  CHECK(Printable("1234567890", 10) == "1234567890");
  CHECK(Printable("12345678901", 10) == "1234567...");
  CHECK(Printable("1234\n\n\n", 10) == "1234...");
  CHECK(Printable("\xC3\xA9\xC3\xA9\xC3\xA9", 5) == "\xC3\xA9...");
  CHECK(Printable("abcdef", 3) == "...");
  CHECK(Printable("abcdef", 2) == "..");
  CHECK(Printable("abcdef", 0).empty());
  CHECK(Printable(std::string(1000, 'x')).size() == 200);
}

TEST_CASE("the last line that says something is found") {
  CHECK(LastLine("a\nb\n\n  \n") == "b");
  CHECK(LastLine("only") == "only");
  CHECK(LastLine("a\n b \r\n") == " b");
  CHECK(LastLine("").empty());
  CHECK(LastLine("\n \n").empty());
}

TEST_CASE("the nearest word is found when there is one") {
  constexpr std::array kWords = {"timeout"sv, "command"sv, "shell"sv, "env"sv};
  CHECK(Nearest("timout", kWords) == "timeout");
  CHECK(Nearest("tiemout", kWords) == "timeout");
  CHECK(Nearest("evn", kWords) == "env");
  CHECK(Nearest("comand", kWords) == "command");
  CHECK(Nearest("envs", kWords) == "env");
  CHECK(Nearest("shell", kWords) == "shell");
  CHECK(Nearest("interval", kWords).empty());
  CHECK(Nearest("xyz", kWords).empty());
  CHECK(Nearest("", kWords).empty());
  CHECK(Nearest("timeout", {}).empty());
  CHECK(DidYouMean("timout", kWords) == "; did you mean \"timeout\"?");
  CHECK(DidYouMean("interval", kWords).empty());
}

TEST_CASE("a byte order mark is left out once, where text begins") {
  CHECK(WithoutByteOrderMark("\xEF\xBB\xBFtext") == "text");
  CHECK(WithoutByteOrderMark("\xEF\xBB\xBF\xEF\xBB\xBF") == "\xEF\xBB\xBF");
  CHECK(WithoutByteOrderMark("\xEF\xBB") == "\xEF\xBB");
  CHECK(WithoutByteOrderMark("").empty());
}

TEST_CASE("words are joined for a sentence") {
  constexpr std::array kWords = {"a"sv, "b"sv, "c"sv};
  const std::span<const std::string_view> words(kWords);
  CHECK(JoinWords(words) == "a, b and c");
  CHECK(JoinWords(words.first(2)) == "a and b");
  CHECK(JoinWords(words.first(1)) == "a");
  CHECK(JoinWords({}).empty());
}

Pattern Compiled(std::string_view expression) {
  CAPTURE(expression);
  auto pattern = Pattern::Compile(expression);
  REQUIRE(pattern);
  return *pattern;
}

TEST_CASE("a pattern matches the whole text or a part of it") {
  const Pattern pattern = Compiled("a+b");
  CHECK(pattern.expression() == "a+b");
  CHECK(pattern.FullMatch("aab"));
  CHECK_FALSE(pattern.FullMatch("aabc"));
  CHECK(pattern.PartialMatch("xaabc"));
  CHECK_FALSE(pattern.PartialMatch("ba"));
  CHECK(Compiled("").FullMatch(""));
  CHECK(Compiled("a|ab").FullMatch("ab"));
}

TEST_CASE("groups are found one match after the other") {
  const Pattern pattern = Compiled(R"((?P<key>\w+)=(\d+)?)");
  CHECK(pattern.group_names() == std::vector<std::string>{"key", ""});
  std::vector<std::string_view> groups;
  const std::string_view text = "a=1 b= c";
  REQUIRE(pattern.Find(text, 0, groups));
  CHECK(groups == std::vector<std::string_view>{"a=1", "a", "1"});
  const auto next =
      static_cast<std::size_t>(groups[0].data() - text.data()) + 3;
  REQUIRE(pattern.Find(text, next, groups));
  CHECK(groups[1] == "b");
  CHECK(groups[2].data() == nullptr);
  CHECK_FALSE(pattern.Find(text, 7, groups));
  CHECK_FALSE(pattern.Find(text, 99, groups));
  REQUIRE(Compiled("x*").Find(text, text.size(), groups));
  CHECK(groups[0].empty());
}

TEST_CASE("a pattern with many groups finds them all") {
  std::string expression;
  for (int i = 0; i < 40; ++i) {
    expression += "(.)";
  }
  std::vector<std::string_view> groups;
  const std::string text(40, 'z');
  REQUIRE(Compiled(expression).Find(text, 0, groups));
  CHECK(groups.size() == 41);
  CHECK(groups[40] == "z");
}

TEST_CASE("both spellings of a named group are known") {
  CHECK(Compiled("(?<a>x)(?P<b>y)").group_names() ==
        std::vector<std::string>{"a", "b"});
  CHECK(Compiled("(?<_>x)(?<_>y)").group_names().size() == 2);
  // Not groups: an escape, a quotation, a class.
  CHECK(Compiled(R"(\(?<a>)").FullMatch("(<a>"));
  CHECK(Compiled(R"(\Q(?<a>\E)").FullMatch("(?<a>"));
  CHECK(Compiled(R"([(?<a>]+)").FullMatch("(?<a>"));
  CHECK(Compiled(R"([]\](?<a>]+)").FullMatch("](?<"));
  CHECK(Compiled(R"([^][:alpha:](?<]+(?<a>x))").FullMatch("12x"));
}

TEST_CASE("a bad pattern is refused in RE2's words") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"(a", "missing ): (a"},
      {"a**", "bad repetition operator: **"},
      {"(?<=a)b", "invalid perl operator: (?<"},
      {R"((a)\1)", R"(invalid escape sequence: \1)"},
      {"[z-a]", "invalid character class range: z-a"},
      {"(?<n>a)(?<n>b)",
       "two groups have the name \"n\"; give each its own, or _ to those you "
       "do not need"},
  };
  for (const auto& [expression, message] : cases) {
    CAPTURE(expression);
    const auto pattern = Pattern::Compile(expression);
    REQUIRE_FALSE(pattern);
    CHECK(pattern.error().message == message);
  }
  for (const std::string_view open : {"[", "[^", "[[:x", "\\", "(?<", "[\\"}) {
    CHECK_FALSE(Pattern::Compile(open));
  }
}

}  // namespace
}  // namespace command_exporter
