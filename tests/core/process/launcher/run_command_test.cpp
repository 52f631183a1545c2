#include "core/process/launcher/run_command.hpp"

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

CommandSpec Named(const char* name, const char* argument) {
  CommandSpec spec;
  spec.name = name;
  spec.argv = {"/bin/echo", argument};
  spec.paths = {"/bin/echo"};
  return spec;
}

TEST_CASE("the same command in two generations has one identity") {
  Generation one({1, {Named("a", "1"), Named("a", "2"), Named("b", "1")}});
  Generation two({2, {Named("b", "1"), Named("a", "1")}});
  CHECK(one.Find(0)->identity() == two.Find(1)->identity());
  CHECK(one.Find(2)->identity() == two.Find(0)->identity());
  CHECK(one.Find(0)->identity() != one.Find(1)->identity());
  CHECK(one.Find(0)->collector() == one.Find(1)->collector());
  CHECK(one.Find(0)->identity() != one.Find(2)->identity());
  CHECK(one.Find(3) == nullptr);
  CommandSpec other = Named("a", "1");
  other.environment = {"target=x"};
  Generation three({3, {other}});
  CHECK(three.Find(0)->identity() != one.Find(0)->identity());
}

}  // namespace
}  // namespace command_exporter
