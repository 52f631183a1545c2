// Queries: their parameters, and what the metrics page does with them.
#include "core/web/query.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/web/collector_selection.hpp"
#include "core/web/metrics_page.hpp"

namespace command_exporter {
namespace {

const std::vector<std::string> kNames = {"free", "ping", "disk"};

// The status and the body of the metrics page with this query.
std::pair<int, std::string> Queried(const std::string& query,
                                    const std::string& method = "GET") {
  Gatherer gatherer;
  MetricsPage page(gatherer, {});
  page.SetCollectors(kNames);
  Request request;
  request.method = method;
  request.path = "/metrics";
  request.query = query;
  const Response response = page.Handle(request);
  return {response.status, response.status == 200 ? "" : response.body};
}

TEST_CASE("the parameters of a query are decoded") {
  using Texts = std::vector<std::string>;
  const auto read = [](std::string_view query) {
    Texts texts;
    for (const Parameter& parameter : ReadParameters(query)) {
      texts.push_back(parameter.name + "|" + parameter.value);
    }
    return texts;
  };
  CHECK(read("").empty());
  CHECK(read("&&").empty());
  CHECK(read("a=1&b&=2&&c==&") == Texts{"a|1", "b|", "|2", "c|="});
  CHECK(read("%63ollect%5b%5D=x&a+b=%26+c") == Texts{"collect[]|x", "a b|& c"});
  CHECK(read("a%=%zz&%00") == Texts{"a%|%zz", "%00|"});
}

TEST_CASE("a query selects collectors, or all but them") {
  for (const char* const query :
       {"collect[]=free", "collect=free", "collect%5B%5D=free",
        "collect[]=free&collect=free"}) {
    INFO(query);
    const auto selection = ReadSelection(query, kNames);
    REQUIRE(selection);
    CHECK(selection->Selects("free"));
    CHECK_FALSE(selection->Selects("ping"));
  }
  const auto two = ReadSelection("collect[]=free&collect[]=disk", kNames);
  REQUIRE(two);
  CHECK(two->Selects("free"));
  CHECK(two->Selects("disk"));
  CHECK_FALSE(two->Selects("ping"));
  for (const char* const query : {"exclude[]=free", "exclude=free"}) {
    const auto others = ReadSelection(query, kNames);
    REQUIRE(others);
    CHECK_FALSE(others->Selects("free"));
    CHECK(others->Selects("ping"));
  }
  CHECK(ReadSelection("", kNames)->Selects("ping"));
}

TEST_CASE("a query that is not understood is refused, and says why") {
  CHECK(Queried("collect[]=fre") ==
        std::pair{400, std::string("collect[]: there is no collector \"fre\"; "
                                   "did you mean \"free\"?\n")});
  CHECK(Queried("exclude=zzzzzzz") ==
        std::pair{
            400, std::string("exclude: there is no collector \"zzzzzzz\"; "
                             "--list-collectors and the page / list them.\n")});
  CHECK(Queried("collect[]=").first == 400);
  CHECK(Queried("collect[]").first == 400);
  CHECK(
      Queried("collect[]=free&exclude[]=ping") ==
      std::pair{400, std::string("collect[] and exclude[] are both set, which "
                                 "has no clear meaning: use one of them.\n")});
  CHECK(Queried("module=x") ==
        std::pair{400,
                  std::string("The parameter \"module\" is unknown: the "
                              "parameters are collect[] and exclude[], such as "
                              "?collect[]=free.\n")});
  CHECK(Queried("=x").first == 400);
  CHECK(Queried("%0a=x").second.find("\"\\x0a\"") != std::string::npos);
  CHECK(Queried("collect[]=%0a").second.find("\"\\x0a\"") != std::string::npos);
  CHECK(Queried("a=1", "HEAD").first == 400);
  CHECK(Queried("").first == 200);
  CHECK(Queried("&").first == 200);
  CHECK(Queried("collect[]=free").first == 200);
  CHECK(Queried("", "HEAD").first == 200);
}

}  // namespace
}  // namespace command_exporter
