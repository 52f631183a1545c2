#include "core/jq/jq_messages.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

// In the form that the nursery writes.
std::string StatusBytes(int status) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  const UniqueFd from(ends[0]);
  const UniqueFd into(ends[1]);
  WriteJqStatus(into.get(), status);
  std::array<char, 100> buffer{};
  const ssize_t size = ::read(from.get(), buffer.data(), buffer.size());
  REQUIRE(size > 0);
  return {buffer.data(), static_cast<std::size_t>(size)};
}

TEST_CASE("messages and the status behind them are distinguished") {
  const JqMessages messages = ReadJqMessages("some words\n" + StatusBytes(9));
  CHECK(messages.text == "some words\n");
  CHECK(messages.status == 9);
  CHECK_FALSE(ReadJqMessages("some words\n").status);
  CHECK_FALSE(ReadJqMessages(StatusBytes(9) + "more").status);
  CHECK_FALSE(ReadJqMessages("").status);
}

TEST_CASE("of messages without end the last ones are kept") {
  std::string kept;
  for (int i = 0; i < 1000; ++i) {
    AppendJqMessages(kept, std::string(10000, 'x') + std::to_string(i));
    REQUIRE(kept.size() < 200'000);
  }
  AppendJqMessages(kept, StatusBytes(11));
  const JqMessages messages = ReadJqMessages(kept);
  CHECK(messages.status == 11);
  CHECK(messages.text.ends_with("xxx999"));
}

}  // namespace
}  // namespace command_exporter
