// Performance data as plugins print it, right or wrong: each datum is published
// or counted, and never guessed.
#include <string>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "collectors/formats/perfdata_line.hpp"

namespace command_exporter {
namespace {

// "label=value unit; ..." of all data.
std::string Data(const Rows& rows) {
  const auto field = [&rows](std::size_t row, std::string_view name) {
    const std::size_t column = rows.FindColumn(name);
    return column == Rows::kNoColumn
               ? std::string{}
               : std::string(rows.Get(row, column).value_or(""));
  };
  std::string text;
  for (std::size_t row = 1; row < rows.size(); ++row) {
    text += row > 1 ? "; " : "";
    text += field(row, "label") + "=" + field(row, "value");
    for (const char* const limit :
         {"warn_low", "warn_high", "crit_low", "crit_high", "min", "max"}) {
      const std::string value = field(row, limit);
      text += value.empty() ? "" : std::string(" ") + limit + "=" + value;
    }
  }
  return text;
}

struct Read {
  std::string data{};
  std::uint64_t dropped{};
  std::uint64_t twice{};
  std::string first{};  // that was dropped
};

Read ReadOutput(std::string_view out) {
  const auto rows = ParseNagios({.out = out, .exit_code = 2}, {});
  REQUIRE(rows);
  REQUIRE(rows->Get(0, rows->FindColumn("state")) == "2");
  const auto value = static_cast<std::size_t>(DropReason::kValue);
  const auto twice = static_cast<std::size_t>(DropReason::kDuplicate);
  return {Data(*rows), rows->drops.counts[value], rows->drops.counts[twice],
          rows->drops.first[value] + rows->drops.first[twice]};
}

// `data` behind a text and its bar.
void Check(std::string_view data, std::string_view published,
           std::uint64_t dropped, std::uint64_t twice = 0) {
  INFO(data);
  const Read read = ReadOutput("TEXT|" + std::string(data));
  INFO(read.first);
  CHECK(read.data == published);
  CHECK(read.dropped == dropped);
  CHECK(read.twice == twice);
}

TEST_CASE("a datum has a value, limits, and a label that may be quoted") {
  Check("a=1;2;3;0;9 'b c'=4%",
        "a=1 warn_low=0 warn_high=2 crit_low=0 crit_high=3 min=0 max=9; b "
        "c=0.04",
        0);
  Check("'it''s'=1", "it's=1", 0);
  Check("it's=1 b's'=2", "it's=1; b's'=2", 0);
  Check("a=1;;;;; b=2;;;;", "a=1; b=2", 0);
  Check("a=-1.5e2 b=+.5 c=U;1;2 d=1e-3s", "a=-150; b=0.5; d=0.001", 0);
  Check("", "", 0);
  Check(" \t\r", "", 0);
}

TEST_CASE("data are parted by commas, too") {
  Check("a=0, b=1", "a=0; b=1", 0);
  Check("a=0,b=1", "a=0; b=1", 0);
  Check("a=0 , b=1,", "a=0; b=1", 0);
  Check("a=0 ,b=1", "a=0; b=1", 0);
  Check("a=0;1;2,'b c'=1,d=2%",
        "a=0 warn_low=0 warn_high=1 crit_low=0 "
        "crit_high=2; b c=1; d=0.02",
        0);
  Check("'a'=0,'b,c'=1, 'd'=3", "a=0; b,c=1; d=3", 0);
  Check("0=5,1=6,2=7", "0=5; 1=6; 2=7", 0);
}

TEST_CASE("blanks may stand around the equal sign of one word") {
  Check("'CPU Util' = 11%;10", "CPU Util=0.11 warn_low=0 warn_high=0.1", 0);
  Check("load = 5", "load=5", 0);
  Check("a =5 b= 6 'c d'= 7", "a=5; b=6; c d=7", 0);
  Check("CPU Utilization = 5", "", 1);
  Check("CPU Utilization = 5 b=2", "b=2", 1);
  Check("'a' 'b'=5", "", 1);
  Check("'a'b=5", "", 1);
}

TEST_CASE("what is no number is counted and does not hurt its neighbours") {
  for (const char* const bad : {"t=6,049s",
                                "x=1,234",
                                "a=UP;;",
                                "a=",
                                "a=nan",
                                "a=NaN",
                                "a=-nan",
                                "a=inf",
                                "a=0x1F",
                                "a=1e400",
                                "a=0,5",
                                "a=0,5;1,0;2,0",
                                "a=--1",
                                "a=1.2.3",
                                "a='5'",
                                "a=\"5\"",
                                "a=;1;2",
                                "a=Us",
                                "a=1_000",
                                "a=1'000",
                                "a=5 %",
                                "a=5 ms;10",
                                "a=1, 234",
                                "a=5%%5",
                                "=5",
                                "a=0xFF",
                                "a=0Xa;1",
                                "a=-0xF",
                                "a=00xF",
                                "a=0x",
                                "a=1.#INF",
                                "a=-1.#IND",
                                "a=1.#QNAN",
                                "a=10:",
                                "a=12:ab",
                                "a=5_",
                                "a=5*",
                                "a=5-",
                                "a=5(ms)",
                                "a=5\xB0"
                                "C",
                                "a=5\xC3\x97",
                                "a=5\xE2\x80\x89s",
                                "a=5$",
                                "a=5\\",
                                "a=1.5e+",
                                "a=0x;0xA",
                                "a=7.2GB:7.7",
                                "''=5"}) {
    Check(bad, "", 1);
    Check("q=1 " + std::string(bad) + " r=2", "q=1; r=2", 1);
  }
  Check("a= b=2", "b=2", 1);
  Check("a= 'b c'=2", "b c=2", 1);
  Check("a=1,234, b=2", "b=2", 1);
  Check("a=1,234,b=2", "b=2", 1);
}

TEST_CASE("a range without its lower end begins at 0") {
  Check("a=5;:10;@:20", "a=5 warn_low=0 warn_high=10", 0);
  Check("a=5;~:10;10:", "a=5 warn_high=10 crit_low=10", 0);
}

TEST_CASE("a unit is letters and the signs of units") {
  Check(
      "a=5V b=6/s c=7kB/s d=8\xC2\xB0"
      "C e=9\xC2\xB5s f=1\xE2\x84\xA6",
      "a=5; b=6; c=7; d=8; e=9e-06; f=1", 0);
  Check("a=10x b=1xy c=5e d=3\xD0\xBA\xD0\x91", "a=10; b=1; c=5; d=3", 0);
  Check("a=5V;4V;x=3", "", 1);
  Check("a=0;0xA;3", "a=0 crit_low=0 crit_high=3", 1);
}

TEST_CASE("a second equal sign leaves a datum without a meaning") {
  Check("m=0.49;8;16n=1.5", "", 1);
  Check("m=1=2 b=3", "b=3", 1);
  Check("m=5,3;b=2", "", 1);
  Check("m=1,a,b=2", "", 1);
}

TEST_CASE("a limit that is no number is left out alone") {
  Check("a=1;foo;3", "a=1 crit_low=0 crit_high=3", 1);
  Check("a=1;5:foo;3:4;0", "a=1 crit_low=3 crit_high=4 min=0", 1);
  Check("a=1;foo;bar;x;y", "a=1", 1);
  Check("a=1;2;3;4;5;6",
        "a=1 warn_low=0 warn_high=2 crit_low=0 crit_high=3 min=4 max=5", 1);
  Check("a=1;2;3;4;5;6;7 b=2",
        "a=1 warn_low=0 warn_high=2 crit_low=0 crit_high=3 min=4 max=5; b=2",
        1);
  Check("a=1;0,5;3 b=2", "a=1 crit_low=0 crit_high=3; b=2", 1);
}

TEST_CASE("words between data are counted, with the label behind them") {
  Check("a=1 garbage b=2", "a=1", 1);
  Check("a=1 garbage b=2 c=3", "a=1; c=3", 1);
  Check("a=1 more words", "a=1", 1);
  Check("no data at all", "", 1);
}

TEST_CASE("nothing behind a quote that is not closed is certain") {
  Check("'a=1 b=2", "", 1);
  Check("c=3 'a=1 b=2 d=4", "c=3", 1);
  Check("'a=1 | b=2", "", 1);
  Check("a='1 b=2", "", 1);
}

TEST_CASE("of a line with more bars the parts count that are all data") {
  Check("log text|a=1 b=2", "a=1; b=2", 1);
  Check("a=1|rc=5 was seen|b=2", "a=1; b=2", 1);
  Check("a=1|b=2,c=3||", "a=1; b=2; c=3", 0);
  Check("a=1|b=x c=3", "a=1", 1);
  Check("'a|b'=1 'c|d' = 2", "a|b=1; c|d=2", 0);
}

TEST_CASE("a label counts once") {
  Check("a=1 a=2 b=3", "a=1; b=3", 0, 1);
  Check("a=1 a=5%", "a=1", 0, 1);
  Check("a=x a=2", "a=2", 1);
  CHECK(ReadOutput("T|a=1\nmore|a=2").first ==
        "line 2: the label \"a\" is there twice");
}

TEST_CASE("in a line of data what stands before a bar is text") {
  const Read lines = ReadOutput(
      "WARNING - states: warning=1 ok=2\n"
      "[WARNING] Humidity Port 1: 43% | 'Humidity Port 1'=43%\n"
      "[OK] Temperature x=5: 26C | 'Temperature'=26c\n"
      "'plain'=1\n"
      "[OK] nothing here\n"
      "'a|b'=2\n");
  CHECK(lines.data == "Humidity Port 1=0.43; Temperature=26; plain=1; a|b=2");
  CHECK(lines.dropped == 1);
  CHECK(lines.first ==
        "line 5: expected label=value in the performance data, found \"[OK] "
        "nothing here\"");
}

TEST_CASE("a datum that is dropped is named with its line") {
  const auto first = [](std::string_view data) {
    return ReadOutput("T\nU|" + std::string(data)).first;
  };
  CHECK(first("a=UP;;") == "line 2: \"a\": the value \"UP\" is no number");
  CHECK(first("a=1;x") == "line 2: \"a\": warn \"x\" is no number");
  CHECK(first("a=1;;;;;7") == "line 2: \"a\": \"7\" behind its maximum");
  CHECK(first("CPU Use = 5") ==
        "line 2: the label \"CPU Use\" has blanks and no quotes around them");
  CHECK(first("=5") == "line 2: a value without a label: \"=5\"");
  CHECK(first("a=1=2") == "line 2: \"a\": \"1=2\" has a second \"=\"");
  CHECK(first("a=5 %") == "line 2: \"a\": the value \"5 %\" has blanks");
}

}  // namespace
}  // namespace command_exporter
