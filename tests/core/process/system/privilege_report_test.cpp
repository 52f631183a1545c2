// The first lines of the log about the privileges that commands can gain, and
// the niceness and limits that may be set.
#include "core/process/system/privilege_report.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include <catch2/catch.hpp>

#include "core/process/system/user.hpp"
#include "tests/support/probes.hpp"

namespace command_exporter {
namespace {

constexpr const char* kFree =
    "Name:\tx\nNoNewPrivs:\t0\nCapBnd:\t000001ffffffffff\n"
    "CapAmb:\t0000000000000000\n";
constexpr const char* kAllIds = "         0          0 4294967295\n";

PrivilegeTexts Texts(const char* status) {
  return {status, kAllIds, "40\n", "1\t0\n"};
}

PrivilegeNote NoteOf(const char* status) {
  return DescribePrivilege(ParsePrivilege(Texts(status)));
}

bool Says(const PrivilegeNote& note, const char* text) {
  return note.message.find(text) != std::string::npos;
}

TEST_CASE("where nothing keeps commands from privilege, only debug says so") {
  const ProcessPrivilege privilege = ParsePrivilege(Texts(kFree));
  CHECK(privilege.all == 0x1ffffffffff);
  CHECK(privilege.bounding == privilege.all);
  CHECK(privilege.ambient == 0);
  CHECK(privilege.ping_group_range == "1 0");
  CHECK_FALSE(privilege.no_new_privileges);
  CHECK_FALSE(privilege.user_namespace);
  CHECK(DescribePrivilege(privilege).level == LogLevel::kDebug);
}

TEST_CASE("what makes usual commands fail is a warning that names them") {
  const PrivilegeNote sealed =
      NoteOf("NoNewPrivs:\t1\nCapBnd:\t000001ffffffffff\nCapAmb:\t0\n");
  CHECK(sealed.level == LogLevel::kWarn);
  CHECK(sealed.message ==
        "Commands cannot gain all privileges: NoNewPrivileges is set, so "
        "sudo, setuid programs and ping with file capabilities will fail");
  const PrivilegeNote empty = NoteOf("CapBnd:\t0\n");
  CHECK(empty.level == LogLevel::kWarn);
  CHECK(Says(empty, "lacks CAP_NET_RAW, so ping"));
  CHECK(Says(empty, "; the capability bounding set lacks CAP_SETUID"));
  const PrivilegeNote ping = NoteOf("CapBnd:\t2000\nCapAmb:\t2000\n");
  CHECK_FALSE(Says(ping, "lacks CAP_NET_RAW"));
  CHECK(Says(ping, "; ping works, by the ambient CAP_NET_RAW"));
  PrivilegeTexts rootless = Texts(kFree);
  rootless.uid_map = "0 1000 1\n";
  const PrivilegeNote note = DescribePrivilege(ParsePrivilege(rootless));
  CHECK(note.level == LogLevel::kWarn);
  CHECK(Says(note, "this is a user namespace"));
}

TEST_CASE("a bounding set that hurts nothing usual is logged at level INFO") {
  const PrivilegeNote note = NoteOf("CapBnd:\t00000000a80425fb\n");
  CHECK(note.level == LogLevel::kInfo);
  CHECK(note.message ==
        "No command, not even one of root, can have 27 of the kernel's "
        "capabilities: the bounding set lacks them");
}

TEST_CASE("what cannot be read counts as no restriction") {
  const ProcessPrivilege privilege = ParsePrivilege({});
  CHECK(privilege.bounding == privilege.all);
  CHECK(DescribePrivilege(privilege).level == LogLevel::kDebug);
  CHECK(ReadPrivilege().all != 0);
}

TEST_CASE("what niceness may be set is what the kernel allows") {
  NEEDS(root);
  CHECK(MaySetNice(-20));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    rlimit limit{};
    bool ready = ::getrlimit(RLIMIT_NICE, &limit) == 0;
    // A ceiling of -5 where this root may raise its limits, else what it has.
    limit.rlim_max = limit.rlim_cur = std::max<rlim_t>(limit.rlim_max, 25);
    if (::setrlimit(RLIMIT_NICE, &limit) != 0) {
      ready = ready && ::getrlimit(RLIMIT_NICE, &limit) == 0;
    }
    ready = ready && ::setresuid(kNobody, kNobody, kNobody) == 0;
    const int ceiling =
        20 - static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 40));
    const int least = std::min(::getpriority(PRIO_PROCESS, 0), ceiling);
    const bool told = MaySetNice(least) && MaySetNice(19) &&
                      (least == -20 || !MaySetNice(least - 1));
    const bool true_of_least = ::setpriority(PRIO_PROCESS, 0, least) == 0;
    const bool true_of_less =
        least == -20 || ::setpriority(PRIO_PROCESS, 0, least - 1) != 0;
    ::_exit(ready && told && true_of_least && true_of_less ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(status == 0);
}

}  // namespace
}  // namespace command_exporter
