// The rules without processes: which commands are one.
#include <vector>

#include <catch2/catch.hpp>

#include "core/process/launcher/orphan_rule.hpp"
#include "core/process/launcher/run_command.hpp"
#include "core/process/system/cgroup_home.hpp"

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

TEST_CASE("an orphan in a run's control group is that run's") {
  const std::vector<RunOnStage> runs = {
      {1, 100, false, {}, 7}, {2, 200, false, {}, 8}, {3, 300, false}};
  OrphanFacts orphan{999, 1, 3, 8};
  CHECK(OwnerOf(orphan, runs) == std::uint64_t{2});
  orphan.cgroup = 9;  // of a run that is over: then its marker
  CHECK(OwnerOf(orphan, runs) == std::uint64_t{1});
  orphan = {999, std::nullopt, 3, 0};
  CHECK_FALSE(OwnerOf(orphan, runs).has_value());
}

TEST_CASE("the folder of a control group is found where it is mounted") {
  const std::string unified =
      "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n"
      "34 31 0:32 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n"
      "41 31 0:38 / /sys/fs/cgroup/uni\\040fied rw shared:9 - cgroup2 none "
      "rw\n";
  CHECK(CgroupFolder("4:memory:/x\n0::/a/b.service\n", unified) ==
        "/sys/fs/cgroup/uni fied/a/b.service");
  CHECK(CgroupFolder("0::/\n", unified) == "/sys/fs/cgroup/uni fied");
  CHECK(CgroupFolder("4:memory:/x\n", unified).empty());
  CHECK(CgroupFolder("0::/../other\n", unified).empty());
  CHECK(CgroupFolder("0::/a\n", "31 23 0:28 / /proc rw - proc proc rw\n")
            .empty());
  // A mount of a part shows only what is below that.
  const std::string part = "41 31 0:38 /a /mnt rw - cgroup2 none rw\n";
  CHECK(CgroupFolder("0::/a/b\n", part) == "/mnt/b");
  CHECK(CgroupFolder("0::/a\n", part) == "/mnt");
  CHECK(CgroupFolder("0::/ab\n", part).empty());
}

}  // namespace
}  // namespace command_exporter
