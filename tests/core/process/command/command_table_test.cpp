// The command table's codec: any bytes decode to the encoded table or are
// reported as damaged.
#include "core/process/command/command_table.hpp"

#include <functional>

#include <catch2/catch.hpp>

#include "core/process/command/command_runner.hpp"

namespace command_exporter {
namespace {

CommandTable FullTable() {
  CommandSpec full;
  full.name = "ping";
  full.argv = {"ping", "", "::1"};
  full.paths = {"/usr/bin/ping", "/bin/ping"};
  full.environment = {"PATH=/bin", "EMPTY="};
  full.cwd = "/var/tmp";
  full.stdin_text = std::string("a\0b", 3);
  full.ids = RunIds{65534, 65533, {1, 2, 3}};
  full.umask = 027;
  full.nice = -5;
  full.grace = std::chrono::milliseconds{1500};
  full.program_owner = 0;
  full.limits = {10, 1U << 20U, 256, std::uint64_t{1} << 40U, 64};
  full.cgroup = CgroupUse::kRequired;
  CommandSpec plain;
  plain.argv = {"true"};
  CommandTable table;
  table.generation = 42;
  table.commands = {full, plain};
  return table;
}

TEST_CASE("a command table comes back whole") {
  const CommandTable table = FullTable();
  const auto decoded = DecodeCommandTable(EncodeCommandTable(table));
  REQUIRE(decoded);
  CHECK(decoded->generation == 42);
  REQUIRE(decoded->commands.size() == 2);
  const CommandSpec& full = decoded->commands[0];
  const CommandSpec& wanted = table.commands[0];
  CHECK(full.name == wanted.name);
  CHECK(full.argv == wanted.argv);
  CHECK(full.paths == wanted.paths);
  CHECK(full.environment == wanted.environment);
  CHECK(full.cwd == wanted.cwd);
  CHECK(full.stdin_text == wanted.stdin_text);
  REQUIRE(full.ids);
  CHECK(full.ids->uid == 65534);
  CHECK(full.ids->gid == 65533);
  CHECK(full.ids->groups == wanted.ids->groups);
  CHECK(full.umask == wanted.umask);
  CHECK(full.nice == wanted.nice);
  CHECK(full.grace == wanted.grace);
  CHECK(full.program_owner == 0U);
  CHECK(full.limits.cpu_seconds == 10U);
  CHECK(full.limits.address_space == std::uint64_t{1} << 20U);
  CHECK(full.limits.open_files == 256U);
  CHECK(full.limits.memory == std::uint64_t{1} << 40U);
  CHECK(full.limits.processes == 64U);
  CHECK(full.cgroup == CgroupUse::kRequired);
  const CommandSpec& plain = decoded->commands[1];
  CHECK_FALSE(plain.limits.cpu_seconds);
  CHECK_FALSE(plain.limits.processes);
  CHECK(plain.cgroup == CgroupUse::kIfThere);
  CHECK_FALSE(plain.stdin_text);
  CHECK_FALSE(plain.ids);
  CHECK_FALSE(plain.umask);
  CHECK_FALSE(plain.nice);
  CHECK_FALSE(plain.program_owner);
  CHECK(plain.cwd == "/");
}

TEST_CASE("an empty command table is one") {
  const auto decoded = DecodeCommandTable(EncodeCommandTable(CommandTable{}));
  REQUIRE(decoded);
  CHECK(decoded->commands.empty());
}

TEST_CASE("every truncation of a command table is refused") {
  const std::string bytes = EncodeCommandTable(FullTable());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    INFO("first " << size << " bytes");
    REQUIRE_FALSE(DecodeCommandTable(std::string_view(bytes).substr(0, size)));
  }
}

TEST_CASE("a command table with a number out of its bounds is refused") {
  const auto refused = [](const std::function<void(CommandSpec&)>& spoil) {
    CommandTable table = FullTable();
    spoil(table.commands.front());
    return !DecodeCommandTable(EncodeCommandTable(table)).has_value();
  };
  CHECK_FALSE(refused([](CommandSpec&) {}));
  CHECK(refused([](CommandSpec& spec) { spec.grace = Duration{-1}; }));
  CHECK(refused([](CommandSpec& spec) {
    spec.grace = kLongestGrace + std::chrono::nanoseconds{1};
  }));
  CHECK(refused([](CommandSpec& spec) { spec.umask = 01000; }));
  CHECK(refused([](CommandSpec& spec) { spec.nice = -21; }));
  CHECK(refused([](CommandSpec& spec) { spec.nice = 20; }));
  CHECK(refused([](CommandSpec& spec) { spec.limits.cpu_seconds = 0; }));
  CHECK(refused([](CommandSpec& spec) {
    spec.limits.cpu_seconds = kMostCpuSeconds + 1;
  }));
  CHECK(refused([](CommandSpec& spec) { spec.limits.address_space = 0; }));
  CHECK(refused(
      [](CommandSpec& spec) { spec.limits.open_files = kMostOpenFiles + 1; }));
  CHECK(
      refused([](CommandSpec& spec) { spec.limits.memory = kMostMemory + 1; }));
  CHECK(refused([](CommandSpec& spec) { spec.limits.processes = 0; }));
  CHECK(refused([](CommandSpec& spec) {
    spec.cgroup = static_cast<CgroupUse>(3);  // NOLINT: that is the test
  }));
}

TEST_CASE("a command table with bytes behind it is refused") {
  const std::string bytes = EncodeCommandTable(FullTable());
  CHECK_FALSE(DecodeCommandTable(bytes + '\0'));
  CHECK_FALSE(DecodeCommandTable(bytes + bytes));
}

TEST_CASE("a changed byte gives another table or an error, never a crash") {
  const std::string bytes = EncodeCommandTable(FullTable());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    for (const int change : {0x01, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[i] = static_cast<char>(damaged[i] ^ change);
      const auto decoded = DecodeCommandTable(damaged);
      refused += decoded ? 0U : 1U;
      // An accepted table has the length of its bytes: it encodes to the same
      // number.
      if (decoded) {
        REQUIRE(EncodeCommandTable(*decoded).size() == bytes.size());
      }
    }
  }
  CHECK(refused > 0);
}

TEST_CASE("another layout is named, with what to do") {
  std::string bytes = EncodeCommandTable(FullTable());
  bytes[4] = 99;
  const auto decoded = DecodeCommandTable(bytes);
  REQUIRE_FALSE(decoded);
  CHECK_THAT(decoded.error().message,
             Catch::Contains("layout 99") && Catch::Contains("Restart it"));
  CHECK_FALSE(DecodeCommandTable("something else"));
}

TEST_CASE("a command that execve could not carry is refused") {
  CommandTable table = FullTable();
  SECTION("without argv") {
    table.commands[1].argv.clear();
  }
  SECTION("with a NUL in an argument") {
    table.commands[1].argv.push_back(std::string("a\0b", 3));
  }
  SECTION("with a NUL in the environment") {
    table.commands[1].environment.push_back(std::string("A=\0", 3));
  }
  SECTION("with a NUL in the folder") {
    table.commands[1].cwd = std::string("/\0", 2);
  }
  CHECK_FALSE(DecodeCommandTable(EncodeCommandTable(table)));
}

TEST_CASE("every step of a start has its word") {
  CHECK(std::string(Name(StartFault::kExec)) == "execve");
  CHECK(std::string(Name(StartFault::kChdir)) == "chdir");
  for (int fault = 0; fault <= static_cast<int>(StartFault::kExec); ++fault) {
    CHECK(std::string(Name(static_cast<StartFault>(fault))) != "unknown");
  }
}

}  // namespace
}  // namespace command_exporter
