// The limits of a collector that a machine can enforce, and the report of a run
// that reached one.
#include "collectors/commands/limit_checks.hpp"

#include <csignal>

#include <catch2/catch.hpp>

#include "collectors/commands/command_table_builder.hpp"
#include "collectors/ending_reasons.hpp"

namespace command_exporter {
namespace {

constexpr std::uint64_t kMebibyte = std::uint64_t{1} << 20U;

CollectorConfig Bounded(const LimitsConfig& limits,
                        Containment containment = Containment::kAuto) {
  CollectorConfig collector;
  collector.position = {"conf.toml", 4, 1};
  collector.name = "a";
  collector.command = {"true"};
  collector.run.limits = limits;
  collector.run.limits.position = {"conf.toml", 7, 10};
  collector.run.containment = containment;
  collector.run.containment_position = {"conf.toml", 8, 15};
  return collector;
}

MachineLimits Host(bool memory, bool pids) {
  MachineLimits host;
  host.cgroups = CgroupHome{"/cg", "", memory, pids};
  return host;
}

MachineLimits Bare() {
  MachineLimits host;
  host.cgroups = CgroupHome{"", "no cgroup v2 file system is mounted here"};
  return host;
}

struct Held {
  CommandSpec spec{};
  std::vector<std::string> warnings{};
  std::string error{};
};

Held Hold(const CollectorConfig& config, const MachineLimits& host) {
  Held held;
  auto result = HoldLimits(config, host, held.spec);
  if (result) {
    held.warnings = *std::move(result);
  } else {
    held.error = result.error().message;
  }
  return held;
}

bool Has(const std::string& text, const std::string& part) {
  INFO(text);
  return text.find(part) != std::string::npos;
}

TEST_CASE("processor time is bounded in whole seconds, files as they are") {
  LimitsConfig limits;
  limits.cpu = std::chrono::milliseconds{1001};
  limits.files = 256;
  const Held held = Hold(Bounded(limits), Bare());
  CHECK(held.error.empty());
  CHECK(held.warnings.empty());
  CHECK(held.spec.limits.cpu_seconds == 2U);
  CHECK(held.spec.limits.open_files == 256U);
  CHECK(held.spec.cgroup == CgroupUse::kIfThere);
}

TEST_CASE("memory is bounded by a group, else by process and with a warning") {
  LimitsConfig limits;
  limits.memory = 64 * kMebibyte;
  const Held grouped = Hold(Bounded(limits), Host(true, false));
  CHECK(grouped.warnings.empty());
  CHECK(grouped.spec.limits.memory == 64 * kMebibyte);
  CHECK_FALSE(grouped.spec.limits.address_space);
  CHECK(grouped.spec.cgroup == CgroupUse::kRequired);
  for (const MachineLimits& host : {Host(false, true), Bare()}) {
    const Held held = Hold(Bounded(limits), host);
    CHECK(held.spec.limits.address_space == 64 * kMebibyte);
    CHECK_FALSE(held.spec.limits.memory);
    CHECK(held.spec.cgroup == CgroupUse::kIfThere);
    REQUIRE(held.warnings.size() == 1);
    CHECK(Has(held.warnings[0], "conf.toml:7:10: collector \"a\": "));
    CHECK(Has(held.warnings[0], "each process by itself"));
  }
  const Held session =
      Hold(Bounded(limits, Containment::kSession), Host(true, true));
  CHECK(session.spec.limits.address_space == 64 * kMebibyte);
  CHECK(session.spec.cgroup == CgroupUse::kNever);
}

TEST_CASE("processes are bounded by a group or refused, with what is needed") {
  LimitsConfig limits;
  limits.processes = 9;
  const Held held = Hold(Bounded(limits), Host(false, true));
  CHECK(held.error.empty());
  CHECK(held.spec.limits.processes == 9U);
  CHECK(held.spec.cgroup == CgroupUse::kRequired);
  const Held bare = Hold(Bounded(limits), Bare());
  CHECK(Has(bare.error, "conf.toml:7:10: collector \"a\": limits.processes"));
  CHECK(Has(bare.error, "Delegate=yes"));
  CHECK(Has(bare.error, "no cgroup v2 file system is mounted here"));
  CHECK(Has(Hold(Bounded(limits), Host(true, false)).error,
            "/cg does not have it"));
  CHECK(
      Has(Hold(Bounded(limits, Containment::kSession), Host(true, true)).error,
          "containment = \"session\" forbids"));
}

TEST_CASE("containment by a group is refused where there is none") {
  const auto strict = Bounded({}, Containment::kCgroup);
  CHECK(Hold(strict, Host(false, false)).spec.cgroup == CgroupUse::kRequired);
  const std::string error = Hold(strict, Bare()).error;
  CHECK(Has(error, "conf.toml:8:15: collector \"a\": containment"));
  CHECK(Has(error, "no cgroup v2 file system is mounted here"));
}

TEST_CASE("where groups cannot be known, a check warns and refuses nothing") {
  LimitsConfig limits;
  limits.memory = 64 * kMebibyte;
  limits.processes = 9;
  const Held held =
      Hold(Bounded(limits, Containment::kCgroup), MachineLimits{});
  CHECK(held.error.empty());
  REQUIRE(held.warnings.size() == 2);
  CHECK(Has(held.warnings[0], "conf.toml:8:15: "));
  CHECK(Has(held.warnings[1], "conf.toml:7:10: "));
}

TEST_CASE("limits above the exporter's own need the right to raise them") {
  MachineLimits host = Bare();
  host.cpu_seconds = 10;
  host.address_space = 64 * kMebibyte;
  host.open_files = 1024;
  LimitsConfig cpu;
  cpu.cpu = std::chrono::seconds{10};  // the hard limit would be 11
  CHECK(Has(Hold(Bounded(cpu), host).error, "limits.cpu is above"));
  cpu.cpu = std::chrono::seconds{9};
  CHECK(Hold(Bounded(cpu), host).error.empty());
  LimitsConfig files;
  files.files = 1025;
  const std::string error = Hold(Bounded(files), host).error;
  CHECK(Has(error, "conf.toml:7:10: collector \"a\": limits.files is above"));
  CHECK(Has(error, "hard limit of 1024"));
  CHECK(Has(error, "LimitNOFILE="));
  LimitsConfig memory;
  memory.memory = 65 * kMebibyte;
  CHECK(Has(Hold(Bounded(memory), host).error, "limits.memory is above"));
  host.may_raise = true;
  CHECK(Hold(Bounded(cpu), host).error.empty());
  CHECK(Hold(Bounded(files), host).error.empty());
  CHECK(Hold(Bounded(memory), host).error.empty());
}

TEST_CASE("a warning about limits comes once for all runs of a matrix") {
  LimitsConfig limits;
  limits.memory = 512 * kMebibyte;
  Config config;
  config.collectors = {Bounded(limits), Bounded(limits)};
  config.collectors[0].matrix = {{"t", {"1", "2", "3"}}};
  config.collectors[1].name = "b";
  std::vector<std::string> warnings;
  TableContext context;
  context.warn = [&](const std::string& line) { warnings.push_back(line); };
  const auto table = BuildCommandTable(config, context, 1);
  REQUIRE(table);
  CHECK(table->commands.size() == 4);
  CHECK(table->commands[2].limits.address_space == 512 * kMebibyte);
  CHECK(warnings.size() == 2);
}

TEST_CASE("an ending by a limit names the limit") {
  RunConfig run;
  run.limits.cpu = std::chrono::seconds{1};
  CommandResult result;
  result.ending = Ending::kSignaled;
  result.code = SIGXCPU;
  auto failure = FailureOf(result, run, {"prog", "/"});
  REQUIRE(failure);
  CHECK(failure->reason == Reason::kSignal);
  CHECK(Has(failure->message, "signal 24 (SIGXCPU), over limits.cpu"));
  result.code = SIGKILL;
  result.over_memory = true;
  failure = FailureOf(result, run, {"prog", "/"});
  REQUIRE(failure);
  CHECK(Has(failure->message, "killed by the kernel: over limits.memory"));
  result.ending = Ending::kNotStarted;
  result.fault = StartFault::kCgroup;
  result.code = EROFS;
  failure = FailureOf(result, run, {"prog", "/"});
  REQUIRE(failure);
  CHECK(failure->reason == Reason::kSpawn);
  CHECK(Has(failure->message,
            "cannot start prog: control group: Read-only file system"));
}

}  // namespace
}  // namespace command_exporter
