// Edge cases of csv, json, nagios and exit_code; golden/ has recorded outputs.
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "collectors/formats/format.hpp"
#include "core/jq/jq_program.hpp"
#include "tests/support/test_jq.hpp"

namespace command_exporter {
namespace {

// All rows: "field=text field=text; ...", or "reason: message".
std::string Text(const Result<Rows, Failure>& rows) {
  if (!rows) {
    return std::string(Name(rows.error().reason)) + ": " + rows.error().message;
  }
  std::string text;
  for (std::size_t row = 0; row < rows->size(); ++row) {
    text += row > 0 ? "; " : "";
    for (const Rows::Cell& cell : rows->Cells(row)) {
      text += (&cell == rows->Cells(row).data() ? "" : " ") +
              rows->columns()[cell.column] + "=" + std::string(cell.value);
    }
  }
  return text;
}

std::string Csv(std::string_view out, const FormatConfig& config = {}) {
  return Text(ParseCsv({.out = out}, config));
}

std::shared_ptr<const JqProgram> Json(const std::string& items,
                                      const std::vector<JqField>& fields = {}) {
  return std::make_shared<const JqProgram>(test::Jq(), items, fields);
}

std::string Json(std::string_view out,
                 const std::shared_ptr<const JqProgram>& program) {
  return Text(ParseJson({.out = out, .jq = program.get()}, {}));
}

std::string Nagios(std::string_view out, int code = 0) {
  return Text(ParseNagios({.out = out, .exit_code = code}, {}));
}

TEST_CASE("csv reads quotes, doubled quotes and newlines in quotes") {
  CHECK(Csv("a,b\n1,2\n") == "a=1 b=2");
  CHECK(Csv("a,b\r\n1,2\r\n\r\n3,4") == "a=1 b=2; a=3 b=4");
  CHECK(Csv("a,b\n\"x, \"\"y\"\"\",\"two\r\nlines\"\n") ==
        "a=x, \"y\" b=two\r\nlines");
  CHECK(Csv("a,b\n,\"\"\n") == "a= b=");
  CHECK(Csv("a,b \n1, 2\n") == "a=1 b = 2");
  CHECK(Csv("a,b\n# 1 ,2\n", {.trim = "# "}) == "a=1 b=2");
  CHECK(Csv("1;2,5\n",
            {.separator = ";", .columns = {"x", "y"}, .header = false}) ==
        "x=1 y=2,5");
  CHECK(Csv("1,2\n", {.columns = {"_", "y"}, .header = false}) == "y=2");
  CHECK(Csv("").empty());
}

TEST_CASE("csv refuses what is no record, with its line") {
  CHECK(Csv("a,b\n1,2\n3\n") ==
        "parse: line 3: the record has 1 field, but the header has 2 (set "
        "columns?)");
  CHECK(Csv("a,b\n\"1\n2\",3\n4,5,6\n") ==
        "parse: line 4: the record has 3 fields, but the header has 2 (set "
        "columns?)");
  CHECK(Csv("1\n", {.columns = {"x", "y"}, .header = false}) ==
        "parse: line 1: the record has 1 field, but columns names 2");
  CHECK(Csv("a\n\"open\nand on\n") ==
        "parse: line 2: the quote that begins here is never closed");
  CHECK(Csv("a\n\"x\"y\n") ==
        "parse: line 2: after a closing quote there is \"y\"; a quote inside "
        "quotes is doubled");
  CHECK(Csv("a\nx\"y\n") ==
        "parse: line 2: a quote inside the field \"x\"y\", which does not "
        "begin with one");
}

TEST_CASE("csv reads a million records of one column at once") {
  std::string out = "a\n";
  for (int i = 0; i < 1'000'000; ++i) {
    out += "12345\n";
  }
  const Clock::time_point began = Clock::now();
  const auto rows = ParseCsv({.out = out}, {});
  CHECK(Clock::now() - began < std::chrono::seconds{20});
  REQUIRE(rows);
  CHECK(rows->size() == 1'000'000);
}

TEST_CASE("json gives the scalar members of each item") {
  CHECK(Json("{\"a\":1.50,\"b\":\"x\",\"c\":true,\"d\":null,\"e\":[1]}",
             Json(".")) == "a=1.5 b=x c=true");
  CHECK(Json("{\"a\":1}\n{\"a\":2} {\"a\":\n3}", Json(".")) == "a=1; a=2; a=3");
  CHECK(Json("[1,\"x\",false]", Json(".[]")) ==
        "value=1; value=x; value=false");
  CHECK(Json("\xEF\xBB\xBF{\"a\":0.1}", Json(".")) == "a=0.1");
  CHECK(Json("[]", Json(".[]")).empty());
}

TEST_CASE("json gives the fields that are asked for") {
  const auto config = Json(
      ".d[] # all", {{"n", ".name"}, {"sum", ".v | add"}, {"none", ".none"}});
  CHECK(Json("{\"d\":[{\"name\":\"p\",\"v\":[1,2]},\n{\"v\":[0.5]}]}",
             config) == "n=p sum=3; sum=0.5");
  CHECK(Json("{}", Json(".", {{"a", "1, 2"}})) ==
        "parse: line 1: field \"a\" gives several results, a row has one");
  CHECK(Json("{\"b\":{}}", Json(".", {{"a", ".b"}})) ==
        "parse: line 1: field \"a\" is an object, not a number, a string or a "
        "boolean");
}

TEST_CASE("json without a text has no rows") {
  for (const char* const text : {"", "\n", " \t\r\n\n", "\xEF\xBB\xBF\n"}) {
    CHECK(Json(text, Json(".")).empty());
    CHECK(Json(text, Json(".[]", {{"a", ".b"}})).empty());
  }
}

TEST_CASE("json says what is no JSON and what jq says") {
  CHECK(Json("{\"a\":1}\nError\n", Json(".")) ==
        "parse: line 2: no JSON: Invalid numeric literal in \"Error\"");
  CHECK(Json("[1,\n2", Json(".")) ==
        "parse: line 2: no JSON: Unfinished JSON term in \"2\"");
  CHECK(Json("1\n{\"a\":\"\xFF\"}\n", Json(".")) ==
        "parse: line 2 is not valid UTF-8: \"{\"a\":\"\\xff\"}\"");
  CHECK(Json("\n\n{\"a\":3}", Json(".a.b")) ==
        "parse: line 3: jq: Cannot index number with string \"b\"");
  CHECK(Json("{}", Json(".a[]")) ==
        "parse: line 1: jq: Cannot iterate over null (null); to get nothing "
        "from null, write .[]? in the place of .[]");
  CHECK(Json("{}", Json(".a[]?")).empty());
  CHECK(Json("{\"a\":nan,\"b\":1}",
             Json(".", {{"a", ".a | select(isinfinite or isnan | not)"},
                        {"b", ".b"}})) == "b=1");
  CHECK(Json("[1]", Json(".")) ==
        "parse: line 1: items gives an array, which is no row; to make each "
        "element one, end items with .[]");
  CHECK(Json(std::string(300, '['), Json(".")) ==
        "parse: line 1: no JSON: Exceeds depth limit for parsing in \"" +
            std::string(77, '[') + "...\"");
}

TEST_CASE("a jq program sees its input and nothing else") {
  CHECK(Json("1", Json("[env, $ENV] | tojson")) == "value=[{},{}]");
  CHECK(Json("1 2", Json("[., debug, stderr, input_filename] | tojson")) ==
        "value=[1,1,1,null]; value=[2,2,2,null]");
  for (const char* const word : {"input", "inputs", "halt", "halt_error"}) {
    CHECK(Json("\"x\"", Json(word)) ==
          "parse: line 1: jq: " + std::string(word) + " is not available");
  }
  CHECK(Json("\"/etc/passwd\"", Json("modulemeta")) ==
        "parse: line 1: jq: modulemeta is not available");
  CHECK(CheckJq(test::Jq(), "import \"a\" as a; .").word == JqVerdict::kWrong);
  CHECK(CheckJq(test::Jq(), "include \"a\"; .").word == JqVerdict::kWrong);
}

TEST_CASE("jq decodes base64, and says what is none") {
  CHECK(Json("\"MTIuNQ==\"", Json("@base64d")) == "value=12.5");
  CHECK(Json("\"\"", Json("@base64d")) == "value=");
  CHECK(Json("\"%\"", Json("@base64d"))
            .starts_with("parse: line 1: jq: string (\"%\") is not valid "
                         "base64 data"));
}

TEST_CASE("a jq program does not meet the .jq in somebody's home") {
  std::string home = "/tmp/jq_home_XXXXXX";
  REQUIRE(::mkdtemp(home.data()) != nullptr);
  std::ofstream(home + "/.jq") << "def length: 42; def mine: 7;";
  const char* const set = std::getenv("HOME");
  const std::string before = set == nullptr ? "" : set;
  ::setenv("HOME", home.c_str(), 1);
  CHECK(Json("[1]", Json("length")) == "value=1");
  CHECK(CheckJq(test::Jq(), "mine").message == "mine/0 is not defined");
  ::setenv("HOME", before.c_str(), 1);
  std::filesystem::remove_all(home);
}

TEST_CASE("what libjq asserts fails the run, and the next is fine") {
  for (const char* const items :
       {"todate", "\"abc\" | .[nan:]", "[1] | .[nan:] = [2]"}) {
    const auto config =
        Json("if . == 1 then . else " + std::string(items) + " end");
    for (int i = 0; i < 3; ++i) {
      CHECK(Json("1e300", config)
                .starts_with("parse: line 1: jq's library has a defect that "
                             "this program meets "));
      CHECK(Json("1", config) == "value=1");
    }
  }
}

TEST_CASE("a fault of libjq fails the run, and the next is fine") {
  for (const char* const items : {
           "[splits(\" *\")]",
           "[scan(\"\\\\b\")]",
           "[] | .[2147483647] = 1",
           "[null] as $n | reduce range(400000) as $i (null; . as $x | $n | "
           ".[0] = $x) | 1",
       }) {
    CAPTURE(items);
    const auto config =
        Json("if . == 1 then . else " + std::string(items) + " end");
    for (int i = 0; i < 3; ++i) {
      CHECK(Json("\"\u00e9 b\"", config)
                .starts_with("parse: line 1: jq's library has a defect that "
                             "this program meets "));
      CHECK(Json("1", config) == "value=1");
    }
  }
}

TEST_CASE("a jq program without an end is ended, and the next run is fine") {
  const auto run = [](const std::string& items) {
    return Text(ParseJson({.out = "1",
                           .max_rows = 1000,
                           .time_limit = std::chrono::seconds{1},
                           .jq = Json(items).get()},
                          {}));
  };
  CHECK(run("repeat(.)") ==
        "sample_limit: line 1: items gives more than 1000 results; let it "
        "select fewer, or raise max_samples");
  CHECK(run("range(1e12)") ==
        "sample_limit: line 1: items gives more than 1000 results; let it "
        "select fewer, or raise max_samples");
  CHECK(run("def f: [.] | .[0] | f; f").substr(0, 16) == "timeout: line 1:");
  CHECK(run("def f: 1 + f; f") ==
        "parse: line 1: jq needs more than 64 MiB for this output");
  const auto config = Json("if . == 1 then [range(1e12)] else . end");
  const FormatInput input{
      .out = "1", .time_limit = std::chrono::minutes{1}, .jq = config.get()};
  for (int i = 0; i < 3; ++i) {
    CHECK(Text(ParseJson(input, {})) ==
          "parse: line 1: jq needs more than 64 MiB for this output");
    CHECK(Json("2", config) == "value=2");
  }
}

TEST_CASE("nagios gives base units, ranges and what the guidelines allow") {
  CHECK(Nagios("OK - fine\n") == "state=0 text=OK - fine");
  CHECK(Nagios("", 3) == "state=3");
  CHECK(Nagios("A | t=5ms;10;20:;0;", 1) ==
        "state=1 text=A; label=t unit=ms base=seconds value=0.005 warn=10 "
        "warn_low=0 warn_high=0.01 crit=20: crit_low=0.02 min=0");
  CHECK(Nagios("A|'a b=''c'''=57%;~:80;@90:95") ==
        "state=0 text=A; label=a b='c' unit=% base=ratio value=0.57 warn=~:80 "
        "warn_high=0.8 crit=@90:95 crit_inside_low=0.9 crit_inside_high=0.95");
  CHECK(Nagios("A|s=2KB m=1MB;;;0;3 c=12c w=-1.5e2W u=U;1;2") ==
        "state=0 text=A; label=s unit=KB base=bytes value=2048; label=m "
        "unit=MB base=bytes value=1048576 min=0 max=3145728; label=c unit=c "
        "base=total value=12; label=w unit=W base= value=-150");
}

TEST_CASE("nagios reads performance data of several lines") {
  // The example of the guidelines.
  CHECK(Nagios("DISK OK - free space: / 3326 MB (56%); | /=2643MB\n"
               "/ 15272 MB (77%);\n"
               "/boot 68 MB (69%); | /boot=68MB\n"
               "/home=1B\r\n"
               "'/var/my log'=2B\n") ==
        "state=0 text=DISK OK - free space: / 3326 MB (56%);; label=/ unit=MB "
        "base=bytes value=2771386368; label=/boot unit=MB base=bytes "
        "value=71303168; label=/home unit=B base=bytes value=1; "
        "label=/var/my log unit=B base=bytes value=2");
}

TEST_CASE("nagios fails for a status that is no state, and for nothing else") {
  CHECK(Nagios("A", 127).substr(0, 27) == "exit_status: status 127 is ");
  CHECK(Nagios("A", 4).substr(0, 12) == "exit_status:");
  CHECK(Nagios("A|\xFF'\n|||=\n'", 3) == "state=3 text=A");
}

TEST_CASE("exit_code looks at nothing but the status") {
  CHECK(Text(ParseExitCode({.out = "x\xFF", .exit_code = 3}, {})) == "value=3");
}

}  // namespace
}  // namespace command_exporter
