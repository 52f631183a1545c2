#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <cstdio>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/metrics/writing/text_writer.hpp"
#include "core/web/http.hpp"
#include "core/web/http_metrics.hpp"
#include "core/web/landing_page.hpp"
#include "core/web/metrics_page.hpp"
#include "core/web/response_text.hpp"
#include "core/web/router.hpp"

namespace command_exporter {
namespace {

Request Get(std::string path, std::string method = "GET") {
  Request request;
  request.method = std::move(method);
  request.path = std::move(path);
  return request;
}

std::string HeaderOf(const Response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) {
      return value;
    }
  }
  return {};
}

// Answers at once, or when the test opens the gate; records its deadlines.
class TestCollector final : public Collector {
 public:
  explicit TestCollector(CollectorIdentity identity, bool open = true)
      : identity_(std::move(identity)),
        open_(open) {}

  const CollectorIdentity& identity() const override { return identity_; }

  bool IsUnchangedFrom(const Collector& other) const override {
    return this == &other;
  }

  CollectHandle Collect(const CollectRequest& request,
                        CollectCallbacks callbacks) const override {
    const std::lock_guard lock(mutex_);
    deadlines_.push_back(request.deadline);
    if (open_) {
      Finish(callbacks);
    } else {
      waiting_.push_back(std::move(callbacks));
    }
    return {};
  }

  void Open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    for (const CollectCallbacks& callbacks : waiting_) {
      Finish(callbacks);
    }
    waiting_.clear();
  }

  std::vector<Deadline> deadlines() const {
    const std::lock_guard lock(mutex_);
    return deadlines_;
  }

 private:
  static void Finish(const CollectCallbacks& callbacks) {
    Outcome outcome;
    outcome.families.push_back(
        MakeFamily("test_value", "A test.", prometheus::MetricType::Gauge));
    AddSample(outcome.families.back(), {}, 12);
    outcome.samples = 1;
    callbacks.outcome(std::move(outcome));
  }

  CollectorIdentity identity_;
  mutable std::mutex mutex_;
  mutable std::vector<Deadline> deadlines_;
  mutable std::vector<CollectCallbacks> waiting_;
  bool open_{};
};

CollectorIdentity Named(std::string name) {
  CollectorIdentity identity;
  identity.name = std::move(name);
  identity.position = "exporter.toml:1:1";
  identity.timeout = std::chrono::seconds{5};
  return identity;
}

TEST_CASE("headers are found without regard to case, the first one first") {
  Request request;
  request.headers = {{"X-One", "1"}, {"x-one", "2"}, {"Empty", ""}};
  CHECK(request.Header("x-ONE") == "1");
  CHECK(request.Header("empty").empty());
  CHECK(request.Header("absent").empty());
}

TEST_CASE("paths are decoded, and broken ones and NUL are refused") {
  CHECK(DecodePath("/metrics") == "/metrics");
  CHECK(DecodePath("/%6detrics%20%C3%a4") == "/metrics \xC3\xA4");
  CHECK(DecodePath("/%2e%2E/x") == "/../x");
  CHECK_FALSE(DecodePath("/info%00x"));
  CHECK_FALSE(DecodePath(std::string_view("/a\0b", 4)));
  CHECK_FALSE(DecodePath("/%"));
  CHECK_FALSE(DecodePath("/%4"));
  CHECK_FALSE(DecodePath("/%g0"));
}

TEST_CASE("a token is found in a list of a header") {
  CHECK(HasToken("keep-alive, TE", "te"));
  CHECK(HasToken("Keep-Alive", "keep-alive"));
  CHECK_FALSE(HasToken("keep-alive-not", "keep-alive"));
  CHECK_FALSE(HasToken("", "close"));
}

TEST_CASE("the head of an answer has date, length and connection") {
  Response response = PlainText(404, "no\n");
  response.headers.emplace_back("X-Bad", "a\r\nSet-Cookie: b");
  CHECK(ResponseHead(response, {false, false, 784111777}) ==
        "HTTP/1.1 404 Not Found\r\n"
        "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "X-Bad: aSet-Cookie: b\r\n"
        "Content-Length: 3\r\n"
        "Connection: keep-alive\r\n\r\n");
  response.body.clear();
  const std::string head = ResponseHead(response, {true, true, 0});
  CHECK(head.find("Content-Length") == std::string::npos);
  CHECK(head.ends_with("Connection: close\r\n\r\n"));
}

TEST_CASE("the router answers exact paths, GET and HEAD only") {
  HttpMetrics metrics;
  Router router(metrics);
  router.Add("/metrics",
             [](const Request&) { return PlainText(200, "the metrics"); });
  router.Add("/", [](const Request&) { return PlainText(200, "landing"); });
  router.Add("/bad", [](const Request&) -> Response {
    throw std::runtime_error("as a test");
  });
  CHECK(router.Handle(Get("/metrics")).body == "the metrics");
  CHECK(router.Handle(Get("/metrics", "HEAD")).status == 200);
  CHECK(router.Handle(Get("/")).body == "landing");
  const Response missing = router.Handle(Get("/metrics/"));
  CHECK(missing.status == 404);
  CHECK(missing.body == "No such page; there are /, /bad and /metrics.\n");
  const Response refused = router.Handle(Get("/metrics", "POST"));
  CHECK(refused.status == 405);
  CHECK(HeaderOf(refused, "Allow") == "GET, HEAD");
  CHECK(router.Handle(Get("/bad")).status == 500);

  std::string text;
  TextWriter::Append(metrics.Collect(), text);
  CHECK(text.find("http_requests_total{code=\"200\"} 3\n") !=
        std::string::npos);
  CHECK(text.find("http_requests_total{code=\"404\"} 1\n") !=
        std::string::npos);
  CHECK(text.find("http_requests_total{code=\"405\"} 1\n") !=
        std::string::npos);
  CHECK(text.find("http_requests_total{code=\"500\"} 1\n") !=
        std::string::npos);
  CHECK(text.find("duration_seconds_count{handler=\"other\"} 1\n") !=
        std::string::npos);
  CHECK(text.find("duration_seconds_count{handler=\"/metrics\"} 3\n") !=
        std::string::npos);
  CHECK(text.find("http_requests_in_flight 0\n") != std::string::npos);
}

TEST_CASE("requests are counted from zero by their status") {
  HttpMetrics metrics;
  metrics.Begin();
  metrics.Refused(431);
  std::string text;
  TextWriter::Append(metrics.Collect(), text);
  for (const char* const code : {"200", "400", "404", "405", "500", "503"}) {
    CHECK(text.find("http_requests_total{code=\"" + std::string(code) +
                    "\"} 0\n") != std::string::npos);
  }
  CHECK(text.find("http_requests_total{code=\"431\"} 1\n") !=
        std::string::npos);
  CHECK(text.find("http_requests_in_flight 1\n") != std::string::npos);
}

TEST_CASE("the metrics page scrapes within the budget of the header") {
  const auto collector = std::make_shared<TestCollector>(Named("a"));
  Gatherer gatherer;
  gatherer.Replace({collector});
  std::size_t hooks = 0;
  gatherer.WhenStarted([&] {
    ++hooks;
    CHECK(collector->deadlines().size() == hooks);
  });
  MetricsPage page(gatherer, {});
  Request request = Get("/metrics");
  request.headers = {{"x-prometheus-scrape-timeout-seconds", "2"}};
  const Response response = page.Handle(request);
  CHECK(response.status == 200);
  CHECK(HeaderOf(response, "Content-Type") ==
        "text/plain; version=0.0.4; charset=utf-8");
  CHECK(response.body.find("\ntest_value 12\n") != std::string::npos);
  CHECK(hooks == 1);
  REQUIRE(collector->deadlines().size() == 1);
  const Duration left = collector->deadlines().front().Remaining();
  CHECK(left < std::chrono::milliseconds{1800});
  CHECK(left > std::chrono::milliseconds{300});

  request.headers = {{"X-Prometheus-Scrape-Timeout-Seconds", "abc"}};
  page.SetScrapeTimeout(std::chrono::seconds{100});
  CHECK(page.Handle(request).status == 200);
  CHECK(collector->deadlines().back().Remaining() > std::chrono::seconds{50});
}

TEST_CASE("commands leave the time that the last answer took to be written") {
  const auto collector = std::make_shared<TestCollector>(Named("a"), false);
  Gatherer gatherer;
  gatherer.Replace({collector});
  Duration writing = std::chrono::milliseconds{600};
  gatherer.AddOwnFamilies([&writing] {
    std::this_thread::sleep_for(writing);
    return MetricFamilies{};
  });
  MetricsPageOptions options;
  options.scrape_timeout = std::chrono::milliseconds{900};
  MetricsPage page(gatherer, options);
  // The time that the commands of a scrape have.
  const auto given = [&] {
    const Clock::time_point began = Clock::now();
    page.Handle(Get("/metrics"));
    return collector->deadlines().back().Remaining(began);
  };
  CHECK(given() > std::chrono::milliseconds{750});
  // Half a second is the offset; a half of it is in reserve anyway.
  CHECK(given() < std::chrono::milliseconds{550});
  writing = std::chrono::seconds{1};
  given();
  CHECK(given() > std::chrono::milliseconds{400});  // half of it, less a tenth
  // It is forgotten when the writing is fast again.
  writing = Duration{0};
  given();
  CHECK(given() > std::chrono::milliseconds{750});
}

TEST_CASE("bad timeout headers cannot fill the log") {
  Gatherer gatherer;
  MetricsPage page(gatherer, {});
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(),
                                                             &std::fclose);
  const int kept = dup(STDERR_FILENO);
  dup2(fileno(file.get()), STDERR_FILENO);
  for (const char* const header : {"a", "b", "a", "c"}) {
    Request request = Get("/metrics");
    request.headers = {{"X-Prometheus-Scrape-Timeout-Seconds", header}};
    page.Handle(request);
  }
  dup2(kept, STDERR_FILENO);
  close(kept);
  std::rewind(file.get());
  std::array<char, 4096> text{};
  const std::size_t size = std::fread(text.data(), 1, text.size(), file.get());
  const std::string_view log(text.data(), size);
  CHECK(std::count(log.begin(), log.end(), '\n') == 1);
  CHECK(log.find("ignored the header") != std::string_view::npos);
}

TEST_CASE("HEAD on the metrics page runs nothing") {
  const auto collector = std::make_shared<TestCollector>(Named("a"));
  Gatherer gatherer;
  gatherer.Replace({collector});
  MetricsPage page(gatherer, {});
  const Response response = page.Handle(Get("/metrics", "HEAD"));
  CHECK(response.status == 200);
  CHECK(response.body.empty());
  CHECK(HeaderOf(response, "Content-Type") ==
        "text/plain; version=0.0.4; charset=utf-8");
  CHECK(collector->deadlines().empty());
}

TEST_CASE("scrapes over the limit get status 503") {
  const auto collector = std::make_shared<TestCollector>(Named("a"), false);
  Gatherer gatherer;
  gatherer.Replace({collector});
  MetricsPageOptions options;
  options.max_requests = 1;
  MetricsPage page(gatherer, options);
  std::thread first([&page] { page.Handle(Get("/metrics")); });
  while (collector->deadlines().empty()) {
    std::this_thread::yield();
  }
  const Response refused = page.Handle(Get("/metrics"));
  collector->Open();
  first.join();
  CHECK(refused.status == 503);
  CHECK(refused.body ==
        "Limit of concurrent requests reached (1), try again later.\n");
  CHECK(page.Handle(Get("/metrics")).status == 200);
}

TEST_CASE("the landing page links to the metrics and escapes what it shows") {
  CollectorIdentity identity = Named("disk");
  identity.description = "a <b> & \"c\" 'd'";
  identity.matrix = {{"target", "<script>"}};
  Gatherer gatherer;
  gatherer.Replace({std::make_shared<TestCollector>(identity)});
  const LandingPage page(gatherer, "1.2.3", "/m");
  const Response response = page.Handle(Get("/"));
  CHECK(HeaderOf(response, "Content-Type") == "text/html; charset=UTF-8");
  for (const char* const part :
       {"<title>command_exporter</title>", "<h1>command_exporter</h1>",
        "Version: 1.2.3", "<a href=\"/m\">", "<td>disk</td>",
        "<td>target=&quot;&lt;script&gt;&quot;</td>", "<td>5s</td>",
        "<td>a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39;</td>",
        "<td>exporter.toml:1:1</td>"}) {
    CHECK_THAT(response.body, Catch::Contains(part));
  }
}

}  // namespace
}  // namespace command_exporter
