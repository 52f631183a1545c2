#include "core/config/problems.hpp"

#include <cstddef>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/core/config/config_files.hpp"

namespace command_exporter {
namespace {

using test::ErrorsOf;
using test::ParseText;

std::string Repeated(std::size_t times, const std::string& before,
                     const std::string& after) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) {
    text += before + std::to_string(i) + after;
  }
  return text;
}

TEST_CASE("the first 50 errors are shown, and the number of the others") {
  Problems problems({"b", "a"});
  for (std::uint32_t line = 5000; line > 0; --line) {
    problems.Error({"a", line, 1}, "wrong");
    problems.Error({"a", line, 1}, "wrong");
  }
  problems.Error({"b", 7, 1}, "wrong");
  const std::vector<std::string> errors = problems.Errors();
  REQUIRE(errors.size() == 51);
  CHECK(errors[0] == "b:7:1: wrong");
  CHECK(errors[1] == "a:1:1: wrong");
  CHECK(errors[49] == "a:49:1: wrong");
  CHECK(errors[50].starts_with("... and "));
  CHECK(errors[50].ends_with(" more errors"));
  CHECK(problems.HasManyErrors());
}

TEST_CASE("the errors beyond the first 50 are counted exactly") {
  CHECK(FirstErrors({"a", "b"}) == std::vector<std::string>{"a", "b"});
  for (const std::size_t count : {50U, 51U, 52U, 40000U}) {
    const auto config = ParseText(Repeated(count, "k", " = 1\n"));
    REQUIRE_FALSE(config.has_value());
    const std::vector<std::string>& lines = config.error().lines;
    REQUIRE(lines.size() == (count == 50 ? 50 : 51));
    CHECK(lines[49].starts_with("t:50:1: the top of a file has no key "));
    if (count > 50) {
      CHECK(lines[50] == "... and " + std::to_string(count - 50) +
                             (count == 51 ? " more error" : " more errors"));
    }
  }
}

TEST_CASE("a file with more values than memory allows is refused unread") {
  const std::string many = Repeated(150001, "k", "=1\n");
  CHECK(ErrorsOf(many) ==
        "t:150001:8: too long: above this line are 150000 keys and values, "
        "more than any configuration needs; is it the right file, and is it "
        "whole?\n");
  CHECK(ErrorsOf("# " + std::string(200000, '=') + "\n").empty());
}

TEST_CASE("a configuration of 5000 collectors is read") {
  const auto config =
      ParseText(Repeated(5000, "[[collector]]\nname = \"c",
                         "\"\ncommand = [\"true\"]\nformat = \"exit_code\"\n"
                         "metric = [{ name = \"m\" }]\n"));
  REQUIRE(config.has_value());
  CHECK(config->collectors.size() == 5000);
}

}  // namespace
}  // namespace command_exporter
