#include "core/process/system/cgroup_home.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

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
  // A mount of a part shows only the groups below that part.
  const std::string part = "41 31 0:38 /a /mnt rw - cgroup2 none rw\n";
  CHECK(CgroupFolder("0::/a/b\n", part) == "/mnt/b");
  CHECK(CgroupFolder("0::/a\n", part) == "/mnt");
  CHECK(CgroupFolder("0::/ab\n", part).empty());
}

}  // namespace
}  // namespace command_exporter
