// The names of runs in shared memory.
#include "core/process/ipc/run_ledger.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

// What `writer` does in a launcher's place.
template <typename Writer>
void InAChild(RunLedger& ledger, Writer writer) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    ledger.TakeOver();
    writer();
    ::_exit(0);
  }
  CHECK(::waitpid(child, nullptr, 0) == child);
}

TEST_CASE("a run's name outlives the launcher that entered it") {
  RunLedger ledger;
  InAChild(ledger, [&] {
    ledger.Enter(1001, "gone");
    ledger.Remove(ledger.Enter(1002, "over"));
    ledger.Enter(1003, std::string(200, 'x'));
  });
  CHECK(ledger.CollectorOf(1001) == "gone");
  CHECK(ledger.CollectorOf(1002).empty());
  CHECK(ledger.CollectorOf(1003) == std::string(55, 'x'));
  CHECK(ledger.CollectorOf(7).empty());
  // The next one finds room elsewhere.
  InAChild(ledger, [&] {
    for (std::uint64_t tag = 2000; tag < 3000; ++tag) {
      ledger.Enter(tag, "new");
    }
  });
  CHECK(ledger.CollectorOf(1001) == "gone");
  CHECK(ledger.CollectorOf(2999) == "new");
}

TEST_CASE("a ledger that is full forgets the newest and goes on") {
  RunLedger ledger;
  ledger.TakeOver();
  std::uint64_t tag = 0;
  std::size_t last = 0;
  while (const std::size_t line = ledger.Enter(++tag, "many")) {
    last = line;
  }
  CHECK(tag > 1000);
  CHECK(ledger.CollectorOf(tag).empty());
  ledger.Remove(0);
  ledger.Remove(last);
  CHECK(ledger.Enter(tag, "again") == last);
  CHECK(ledger.CollectorOf(tag) == "again");
}

TEST_CASE("a closed ledger knows nothing and takes nothing") {
  RunLedger ledger;
  ledger.Close();
  ledger.TakeOver();
  CHECK(ledger.Enter(1, "x") == 0);
  CHECK(ledger.CollectorOf(1).empty());
}

}  // namespace
}  // namespace command_exporter
