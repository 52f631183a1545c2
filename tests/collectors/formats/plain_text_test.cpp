// Blanks, carriage returns and colours that are no part of what is read.
#include <string>

#include <catch2/catch.hpp>

#include "tests/collectors/read_output.hpp"

namespace command_exporter {
namespace {

using test::Read;

TEST_CASE("blanks behind the separators of csv ask for trim") {
  const std::string keys =
      "format = \"csv\"\n"
      "metric = [{ name = \"m\", aggregate = \"count\", "
      "where = { state = \"up\" } }]\n";
  const std::string fails =
      "parse: line 1: every field but the first begins with a blank: write "
      "trim = \" \"";
  const std::string columns = "columns = [\"n\", \"state\"]\n";
  CHECK(Read(keys, "n, state\na, up\n") == fails);
  CHECK(Read("header = false\n" + columns + keys, "a, up\nb, up\n") == fails);
  CHECK(Read(columns + keys, "name,\tstate\na, up\n") == fails);
  CHECK(Read("trim = \" \"\n" + keys, "n, state\na, up\n") == "m 1\n");
  CHECK(Read(keys, "n,state, x\na,up, 1\n") == "m 1\n");
  CHECK(Read(keys, "n,state\na,up\n") == "m 1\n");
  CHECK(Read("header = false\n" + columns + keys, "a,\" up\"\nb,up\n") ==
        "m 1\n");
}

TEST_CASE("a name that differs by blanks names trim") {
  const std::string keys =
      "format = \"csv\"\nmetric = [{ name = \"m\", value = \"used\" }]\n";
  CHECK(Read(keys, "n,size, used\na,1,2\n") ==
        "missing: metric \"m\" got no sample: no row has the field \"used\"; "
        "there is \" used\": to remove the blanks write trim = \" \"");
}

TEST_CASE("a CR at the very end of an output is no part of it") {
  const std::string count =
      "metric = [{ name = \"m\", aggregate = \"count\", "
      "where = { s = \"up\" } }]\n";
  const std::string table = "format = \"table\"\n" + count;
  CHECK(Read("format = \"csv\"\n" + count, "n,s\r\na,up\r\nb,up\r") == "m 2\n");
  CHECK(Read("format = \"csv\"\n" + count, "n,s\r\na,\"up\"\r") == "m 1\n");
  CHECK(Read(table, "n s\r\na up\r") == "m 1\n");
  CHECK(Read("separator = \"|\"\n" + table, "n|s\r\na|up\r") == "m 1\n");
  const std::string pattern =
      "format = \"regex\"\npattern = '(?P<n>\\w+) (?P<s>.*)$'\n" + count;
  CHECK(Read(pattern, "a up\r\nb up\r") == "m 2\n");
  CHECK(Read("scope = \"text\"\n" + pattern, "b up\r") == "m 1\n");
  CHECK(Read("format = \"key_value\"\nrecords = \"line\"\n" + count,
             "s=up\r\ns=up\r") == "m 2\n");
}

TEST_CASE("lines that end with CR alone fail") {
  const std::string count =
      "metric = [{ name = \"m\", aggregate = \"count\" }]\n";
  const std::string fails =
      "parse: line 1 has a carriage return (CR) inside: lines must end with LF "
      "or CRLF; a shell can add | tr '\\r' '\\n'";
  const std::string csv = "format = \"csv\"\n" + count;
  const std::string table = "format = \"table\"\n" + count;
  CHECK(Read(csv, "v,n\r1,x\r2,y\r") == fails);
  CHECK(Read(csv, "v,n\r1,x\n2,y\n") == fails);
  CHECK(Read(csv, "v,n\r\r\n1,x\r\r\n") == fails);
  CHECK(Read(csv, "v,n\n1,\"x\ry\"\n") == "m 1\n");
  CHECK(Read(table, "v n\r1 x\r2 y\r") == fails);
  CHECK(Read(table, "v n\r1 x\n2 y\n") == fails);
  CHECK(Read("separator = \"|\"\n" + table, "v|n\r1|x\n2|y\n") == fails);
  CHECK(Read("format = \"key_value\"\n" + count, "a: 1\rb: 2\r") == fails);
  CHECK(Read("format = \"number\"\nmetric = [{ name = \"m\" }]", "1\r2") ==
        fails);
  const std::string pattern = "pattern = 'x(?P<n>[0-9])'\n" + count;
  CHECK(Read("format = \"regex\"\n" + pattern, "x1\rx2") == fails);
  CHECK(Read("format = \"regex\"\nscope = \"text\"\n" + pattern, "x1\rx2") ==
        "m 2\n");
}

TEST_CASE("colours are no part of what is read") {
  const std::string value =
      "metric = [{ name = \"m\", value = \"v\", labels = [\"s\"] }]\n";
  const std::string up = "\x1b[32mup\x1b[0m";
  const std::string sample = "m{s=\"up\"} 5\n";
  CHECK(Read("format = \"csv\"\n" + value, "s,v\n" + up + ",5\n") == sample);
  CHECK(Read("format = \"table\"\nseparator = \"|\"\n" + value,
             "s|v\n" + up + "|5\n") == sample);
  CHECK(Read("format = \"key_value\"\nrecords = \"line\"\n" + value,
             "s=" + up + " v=5\n") == sample);
  CHECK(Read("format = \"regex\"\npattern = '^(?P<s>.*) (?P<v>\\d)$'\n" + value,
             up + " 5\n") == sample);
  CHECK(Read("format = \"key_value\"\nkeep_lines = '^v'\n"
             "metric = [{ name = \"m\", value = \"v\" }]\n",
             "\x1b[1mv\x1b[0m: \x1b[32m5\x1b[0m\n") == "m 5\n");
  CHECK(Read("format = \"number\"\nmetric = [{ name = \"m\" }]\n",
             "\x1b[32m5\x1b[0m\n") == "m 5\n");
}

}  // namespace
}  // namespace command_exporter
