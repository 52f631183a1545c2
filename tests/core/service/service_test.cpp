#include <arpa/inet.h>
#include <netinet/in.h>
#include <pwd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

#include "core/base/deadline.hpp"
#include "core/base/unique_fd.hpp"
#include "tests/support/run_program.hpp"

namespace command_exporter {
namespace {

constexpr const char* kConfig =
    "[[collector]]\nname = \"twelve\"\ncommand = [\"echo\", \"12\"]\n"
    "format = \"number\"\n"
    "metric = [{ name = \"twelve_value\", help = \"Twelve.\" }]\n";

// The text between `before` and the next blank in the log; waits for it.
std::string WaitForLog(const Program& program, const std::string& before) {
  const Deadline deadline = Deadline::After(std::chrono::seconds{20});
  while (!deadline.Passed()) {
    const std::string log = program.err();
    const std::size_t at = log.find(before);
    const std::size_t end = log.find_first_of(
        " \n", at == std::string::npos ? at : at + before.size());
    if (at != std::string::npos && end != std::string::npos) {
      return log.substr(at + before.size(), end - at - before.size());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return {};
}

UniqueFd Connect(const std::string& address) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  name.sin_port = htons(static_cast<std::uint16_t>(
      std::stoi(address.substr(address.rfind(':') + 1))));
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(connect(fd.get(), reinterpret_cast<const sockaddr*>(&name),
                  sizeof name) == 0);
  return fd;
}

std::string Get(const std::string& address, const std::string& path) {
  const UniqueFd fd = Connect(address);
  const std::string request = "GET " + path + " HTTP/1.0\r\n\r\n";
  send(fd.get(), request.data(), request.size(), MSG_NOSIGNAL);
  std::string answer;
  std::array<char, 16384> buffer{};
  ssize_t size = 0;
  while ((size = recv(fd.get(), buffer.data(), buffer.size(), 0)) > 0) {
    answer.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return answer;
}

constexpr const char* kListening = "msg=\"Listening on\" address=";

TEST_CASE("the service starts, tells so, serves, reloads and stops") {
  const Folder folder;
  const std::string path = folder.Write("exporter.toml", kConfig);
  Program program({"-config.file", path, "--web.listen-address=127.0.0.1:0",
                   "--web.listen-address", "127.0.0.1:0",
                   "-web.telemetry-path=/m"});
  const std::string address = WaitForLog(program, kListening);
  INFO(program.err());
  REQUIRE(address.starts_with("127.0.0.1:"));
  CHECK_THAT(Get(address, "/-/healthy"), Catch::EndsWith("\r\n\r\nHealthy\n"));
  CHECK_THAT(Get(address, "/"), Catch::Contains("<a href=\"/m\">"));
  // A scrape requests the guardian's figures; the next scrape shows them.
  const std::string guardian =
      "\ncommand_exporter_process_open_fds{process=\"guardian\"} ";
  std::string metrics;
  int scrapes = 0;
  do {
    metrics = Get(address, "/m");
    ++scrapes;
  } while (scrapes < 100 && metrics.find(guardian) == std::string::npos);
  const std::string before = std::to_string(2 + scrapes - 1);
  CHECK_THAT(
      metrics,
      Catch::Contains("\ncommand_exporter_http_requests_total{code=\"200\"} " +
                      before + "\n"));
  CHECK_THAT(metrics, Catch::Contains(guardian));
  for (const char* const part :
       {"\ntwelve_value 12\n", "\ncommand_exporter_build_info{version=\"",
        "\ncommand_exporter_config_last_reload_successful 1\n",
        "\ncommand_exporter_config_last_reload_success_timestamp_seconds 1",
        "\ncommand_exporter_http_requests_in_flight 1\n",
        "\ncommand_exporter_launcher_restarts_total 0\n",
        "\ncommand_exporter_orphans_killed_total 0\n",
        "\ncommand_exporter_orphans_nameless 0\n",
        "\ncommand_exporter_orphans_cpu_seconds_total 0\n",
        "\ncommand_exporter_processes_running ",
        "\ncommand_exporter_process_open_fds{process=\"launcher\"} ",
        "\nprocess_open_fds "}) {
    CHECK_THAT(metrics, Catch::Contains(part));
  }
  folder.Write("exporter.toml", "nonsense = 1\n");
  kill(program.pid(), SIGHUP);
  REQUIRE_FALSE(WaitForLog(program, path + ":1:1: ").empty());
  CHECK_THAT(Get(address, "/m"),
             Catch::Contains("_config_last_reload_successful 0\n") &&
                 Catch::Contains("\ntwelve_value 12\n"));
  kill(program.pid(), SIGTERM);
  CHECK(program.Wait() == 0);
  const std::string log = program.err();
  for (const char* const part :
       {"msg=\"Starting command_exporter\" version=\"(version=",
        "msg=\"Build context\"", "msg=\"Enabled collectors\"",
        " collector=twelve\n", "msg=\"TLS is disabled.\" http2=false"}) {
    CHECK_THAT(log, Catch::Contains(part));
  }
}

TEST_CASE("a scrape in progress is finished when INT comes to everybody") {
  const Folder folder;
  const std::string path = folder.Write(
      "exporter.toml",
      "[[collector]]\nname = \"slow\"\nshell = \"sleep 0.7; echo 7\"\n"
      "format = \"number\"\n"
      "metric = [{ name = \"slow_value\", help = \"Slow.\" }]\n");
  Program program({"--config.file", path, "--web.listen-address=127.0.0.1:0"});
  const std::string address = WaitForLog(program, kListening);
  REQUIRE_FALSE(address.empty());
  std::string answer;
  std::thread scraper([&] { answer = Get(address, "/metrics"); });
  std::this_thread::sleep_for(std::chrono::milliseconds{150});
  const std::string children =
      ReadFile("/proc/" + std::to_string(program.pid()) + "/task/" +
               std::to_string(program.pid()) + "/children");
  kill(program.pid(), SIGINT);
  for (std::size_t at = 0; at < children.size();) {
    std::size_t used = 0;
    kill(std::stoi(children.substr(at), &used), SIGINT);
    at += used + 1;
  }
  CHECK(program.Wait() == 0);
  scraper.join();
  CHECK_THAT(answer, Catch::Contains("\nslow_value 7\n"));
}

TEST_CASE("a port in use ends the start with words for the administrator") {
  const Folder folder;
  const std::string path = folder.Write("exporter.toml", kConfig);
  Program first({"--config.file", path, "--web.listen-address=127.0.0.1:0"});
  const std::string address = WaitForLog(first, kListening);
  REQUIRE_FALSE(address.empty());
  const Ran second =
      RunProgram({"--config.file", path, "--web.listen-address", address});
  CHECK(second.status == 1);
  CHECK_THAT(second.err,
             Catch::Contains("level=ERROR msg=\"cannot listen on " + address +
                             ": Address already in use. ") &&
                 Catch::Contains("HAProxy's exporter") &&
                 Catch::Contains("Bacula") &&
                 Catch::Contains("--web.listen-address"));
  CHECK(second.err.find("Listening on") == std::string::npos);
}

TEST_CASE("log lines are JSON when asked for, and only from their level on") {
  const Folder folder;
  const std::string path = folder.Write("exporter.toml", kConfig);
  Program json({"--config.file", path, "--web.listen-address=127.0.0.1:0",
                "-log.format", "json"});
  REQUIRE_FALSE(
      WaitForLog(json, R"("msg":"Listening on","address":"127)").empty());
  kill(json.pid(), SIGTERM);
  CHECK(json.Wait() == 0);

  Program quiet({"--config.file", path, "--web.listen-address=192.0.2.1:1",
                 "--log.level=error"});
  CHECK(quiet.Wait() == 1);
  const std::string log = quiet.err();
  CHECK_THAT(log, Catch::Contains("msg=\"cannot listen on 192.0.2.1:1: "));
  CHECK(log.find("level=INFO") == std::string::npos);
}

TEST_CASE("the web side becomes the user that --user names") {
  const passwd* const somebody = getpwnam("nobody");
  REQUIRE(somebody != nullptr);
  const Folder folder;
  const std::string path = folder.Write("exporter.toml", kConfig);
  if (getuid() != 0) {
    const Ran ran = RunProgram({"--config.file", path, "--user=root"});
    CHECK(ran.status == 1);
    CHECK_THAT(ran.err,
               Catch::StartsWith("command_exporter: error: flag --user: only "
                                 "root can become \"root\"; this is "));
    return;
  }
  Program program({"--config.file", path, "--web.listen-address=127.0.0.1:0",
                   "--user=nobody"});
  const std::string address = WaitForLog(program, kListening);
  REQUIRE_FALSE(address.empty());
  CHECK_THAT(program.err(), Catch::Contains("user=nobody"));
  CHECK_THAT(Get(address, "/metrics"), Catch::Contains("\ntwelve_value 12\n"));
  kill(program.pid(), SIGTERM);
  CHECK(program.Wait() == 0);
}

}  // namespace
}  // namespace command_exporter
