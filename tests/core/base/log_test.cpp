#include "core/base/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include "core/base/pattern.hpp"
#include "core/base/text.hpp"
#include "core/base/unique_fd.hpp"

namespace command_exporter {
namespace {

using std::string_view_literals::operator""sv;

std::string Format(LogFormat format, std::string_view value) {
  const std::array<LogField, 1> fields{{{"k", value}}};
  return FormatLogFields(LogLevel::kWarn, format, fields);
}

// Redirects standard error to a file while it lives.
class CapturedStderr {
 public:
  explicit CapturedStderr(const UniqueFd& target)
      : saved_(::dup(STDERR_FILENO)) {
    ::dup2(target.get(), STDERR_FILENO);
  }

  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  ~CapturedStderr() { ::dup2(saved_.get(), STDERR_FILENO); }

 private:
  UniqueFd saved_;
};

UniqueFd MakeFile() {
  return UniqueFd(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

std::string ReadBack(const UniqueFd& file) {
  std::string text(1 << 16, '\0');
  const auto size = ::pread(file.get(), text.data(), text.size(), 0);
  text.resize(static_cast<std::size_t>(size < 0 ? 0 : size));
  return text;
}

TEST_CASE("fields are written in the caller's order") {
  const std::array<LogField, 4> fields{{{"collector", "ping"},
                                        {"target", "::1"},
                                        {"reason", "timeout"},
                                        {"msg", "killed after 5s"}}};
  CHECK(FormatLogFields(LogLevel::kWarn, LogFormat::kLogfmt, fields) ==
        "level=WARN collector=ping target=::1 reason=timeout "
        "msg=\"killed after 5s\"");
  CHECK(FormatLogFields(LogLevel::kError, LogFormat::kJson, fields) ==
        R"({"level":"ERROR","collector":"ping","target":"::1",)"
        R"("reason":"timeout","msg":"killed after 5s"})");
  CHECK(FormatLogFields(LogLevel::kDebug, LogFormat::kLogfmt, {}) ==
        "level=DEBUG");
  CHECK(FormatLogFields(LogLevel::kInfo, LogFormat::kJson, {}) ==
        R"({"level":"INFO"})");
}

TEST_CASE("no value can leave its place in logfmt") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", R"("")"},
      {"plain-1.5/x:y", "plain-1.5/x:y"},
      {"a b", R"("a b")"},
      {"a=b", R"("a=b")"},
      {R"(a"b)", R"("a\"b")"},
      {R"(a\b)", R"(a\b)"},
      {R"(a\ b)", R"("a\\ b")"},
      {"a\nlevel=ERROR", R"("a\nlevel=ERROR")"},
      {"a\r\tb", R"("a\r\tb")"},
      {"\x1B[31m", R"("\x1b[31m")"},
      {"\0"sv, R"("\x00")"},
      {"\xFF", R"("\xff")"},
      {"\xC2\x9B", R"("\xc2\x9b")"},
      {"\xC3\xA9", "\xC3\xA9"},
      {"\x7F", R"("\x7f")"},
  };
  for (const auto& [value, text] : cases) {
    CAPTURE(value);
    CHECK(Format(LogFormat::kLogfmt, value) ==
          "level=WARN k=" + std::string(text));
  }
}

TEST_CASE("no value can leave its place in JSON") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", ""},
      {"a b=c", "a b=c"},
      {R"(a"b\c)", R"(a\"b\\c)"},
      {"\n\r\t", R"(\n\r\t)"},
      {"\x1B\x7F", R"(\u001b\u007f)"},
      {"\0"sv, R"(\u0000)"},
      {"\xC2\x9B", R"(\u009b)"},
      {"\xC2\xA0\xEF\xBB\xBF", R"(\u00a0\ufeff)"},
      {"\xFF\xE2\x82", R"(\ufffd\ufffd\ufffd)"},
      {"\xC3\xA9", "\xC3\xA9"},
  };
  for (const auto& [value, text] : cases) {
    CAPTURE(value);
    CHECK(Format(LogFormat::kJson, value) ==
          R"({"level":"WARN","k":")" + std::string(text) + R"("})");
  }
}

TEST_CASE("a line begins with the local time and goes to standard error") {
  const UniqueFd file = MakeFile();
  REQUIRE(file);
  {
    const CapturedStderr captured(file);
    Log(LogLevel::kDebug, {{"msg", "not wanted at level info"}});
    Log(LogLevel::kWarn, {{"msg", "100 % {} \n"}});
    ConfigureLog(LogLevel::kError, LogFormat::kJson);
    Log(LogLevel::kWarn, {{"msg", "not wanted at level error"}});
    Log(LogLevel::kError, {{"msg", "last"}});
    ConfigureLog(LogLevel::kInfo, LogFormat::kLogfmt);
  }
  const std::string time =
      R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d)";
  const auto expected = Pattern::Compile(
      "time=" + time + R"( level=WARN msg="100 % \{\} \\n"\n)" +
      R"(\{"time":")" + time + R"(","level":"ERROR","msg":"last"\}\n)");
  REQUIRE(expected);
  const std::string written = ReadBack(file);
  CAPTURE(written);
  CHECK(expected->FullMatch(written));
}

TEST_CASE("lines of many threads stay whole") {
  constexpr int kThreads = 4;
  constexpr int kLines = 50;
  const UniqueFd file = MakeFile();
  REQUIRE(file);
  {
    const CapturedStderr captured(file);
    std::vector<std::jthread> threads;
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([] {
        for (int line = 0; line < kLines; ++line) {
          Log(LogLevel::kInfo, {{"msg", "whole"}});
        }
      });
    }
  }
  const std::string written = ReadBack(file);
  std::string_view rest = written;
  int count = 0;
  for (std::string_view line; NextLine(rest, line); ++count) {
    CHECK(line.starts_with("time="));
    CHECK(line.ends_with(" level=INFO msg=whole"));
  }
  CHECK(count == kThreads * kLines);
}

TEST_CASE("a standard error that takes nothing harms nobody") {
  const UniqueFd full(::open("/dev/full", O_WRONLY | O_CLOEXEC));
  REQUIRE(full);
  const CapturedStderr captured(full);
  CHECK_NOTHROW(Log(LogLevel::kError, {{"msg", "lost"}}));
}

TEST_CASE("nobody waits for a reader of the log; what it missed is counted") {
  std::array<int, 2> ends{};
  bool pipe = false;
  SECTION("pipe") {
    pipe = true;
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
  }
  SECTION("socket, as the journal's") {
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) ==
            0);
  }
  const UniqueFd reader(ends[0]);
  const UniqueFd writer(ends[1]);
  const std::string word(1000, 'x');
  std::string got;
  std::string buffer(65536, '\0');
  {
    const CapturedStderr captured(writer);
    for (int i = 0; i < 5000; ++i) {
      Log(LogLevel::kWarn, {{"msg", word}});  // 5 MB: far more than fits
    }
    for (ssize_t size = 1; size > 0;) {
      size = pipe ? ::read(reader.get(), buffer.data(), buffer.size())
                  : ::recv(reader.get(), buffer.data(), buffer.size(), 0);
      got.append(buffer, 0, static_cast<std::size_t>(size < 0 ? 0 : size));
      pollfd more{reader.get(), POLLIN, 0};
      size = ::poll(&more, 1, 0);
    }
    Log(LogLevel::kWarn, {{"msg", "after"}});
  }
  const auto size = ::read(reader.get(), buffer.data(), buffer.size());
  REQUIRE(size > 0);
  const std::string after(buffer, 0, static_cast<std::size_t>(size));
  CHECK_THAT(after, Catch::Contains("lines of this log were left out") &&
                        Catch::Contains(" lines=") &&
                        Catch::EndsWith("msg=after\n"));
  const auto whole = std::count(got.begin(), got.end(), '\n');
  CHECK(whole > 10);
  CHECK(whole < 5000);
  // The parent shares the descriptor: its flags must not change.
  CHECK((::fcntl(writer.get(), F_GETFL) & O_NONBLOCK) == 0);
}

}  // namespace
}  // namespace command_exporter
