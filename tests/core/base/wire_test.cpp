#include "core/base/wire.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

using std::string_literals::operator""s;
using std::string_view_literals::operator""sv;

const std::vector<std::string> kTexts = {"", "a"s, "\0\n"s};

std::string Everything() {
  std::string bytes;
  WireWriter out(bytes);
  out.Number(std::int64_t{-5});
  out.Number(std::uint8_t{1});
  out.Number(2.5);
  out.Texts(kTexts);
  out.Text("last");
  return bytes;
}

// The values read from `bytes`. Sets `at_end`.
std::string Read(std::string_view bytes, bool& at_end) {
  WireReader in(bytes);
  std::string read = std::to_string(in.Number<std::int64_t>());
  read += in.Flag() ? " yes " : " no ";
  read += std::to_string(in.Number<double>());
  for (const std::string& text : in.Texts()) {
    read += "," + text;
  }
  read += "," + std::string(in.View());
  at_end = in.AtEnd();
  CHECK(in.Ok() == at_end);
  return read;
}

TEST_CASE("what is written is read") {
  bool at_end = false;
  CHECK(Read(Everything(), at_end) == "-5 yes 2.500000,,a,\0\n,last"s);
  CHECK(at_end);
}

TEST_CASE("what is cut off anywhere is noticed") {
  const std::string bytes = Everything();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    CAPTURE(size);
    bool at_end = true;
    Read(std::string_view(bytes).substr(0, size), at_end);
    CHECK_FALSE(at_end);
  }
}

TEST_CASE("after a fault everything is empty") {
  WireReader in("\x02\x05\0\0\0hello\x01"sv);
  CHECK_FALSE(in.Flag());
  CHECK_FALSE(in.Ok());
  CHECK(in.Text().empty());
  CHECK(in.Number<std::uint8_t>() == 0);
  CHECK(in.Count(1) == 0);
  CHECK(in.CTexts().empty());
  CHECK_FALSE(in.AtEnd());
}

TEST_CASE("numbers out of bounds, lying counts and NUL are faults") {
  const auto fails = [](std::string_view bytes, auto read) {
    WireReader in(bytes);
    read(in);
    return !in.Ok();
  };
  const auto bounded = [](WireReader& in) { in.Bounded<std::int8_t>(-1, 3); };
  CHECK(fails("\xfe"sv, bounded));
  CHECK_FALSE(fails("\xff"sv, bounded));
  CHECK_FALSE(fails("\x03"sv, bounded));
  CHECK(fails("\x04"sv, bounded));
  const auto two_of_four = [](WireReader& in) { in.Count(4); };
  CHECK_FALSE(fails("\x02\0\0\0........"sv, two_of_four));
  CHECK(fails("\x02\0\0\0......."sv, two_of_four));
  CHECK(fails("\xff\xff\xff\xff...."sv, two_of_four));
  const auto c_text = [](WireReader& in) { in.CText(); };
  CHECK_FALSE(fails("\x02\0\0\0ab"sv, c_text));
  CHECK(fails("\x02\0\0\0a\0"sv, c_text));
}

}  // namespace
}  // namespace command_exporter
