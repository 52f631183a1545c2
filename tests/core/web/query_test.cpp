// Queries: the names of parameters, and what the metrics page does with them.
#include "core/web/query.hpp"

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "core/web/metrics_page.hpp"

namespace command_exporter {
namespace {

// The status and the body of the metrics page with this query.
std::pair<int, std::string> Queried(const std::string& query,
                                    const std::string& method = "GET") {
  Gatherer gatherer;
  MetricsPage page(gatherer, {});
  Request request;
  request.method = method;
  request.path = "/metrics";
  request.query = query;
  const Response response = page.Handle(request);
  return {response.status, response.status == 200 ? "" : response.body};
}

TEST_CASE("the names of parameters are decoded") {
  using Names = std::vector<std::string>;
  CHECK(ParameterNames("").empty());
  CHECK(ParameterNames("&&").empty());
  CHECK(ParameterNames("a=1&b&=2&&c==&") == Names{"a", "b", "", "c"});
  CHECK(ParameterNames("%63ollect%5b%5D=x&a+b=%26") ==
        Names{"collect[]", "a b"});
  CHECK(ParameterNames("a%=1&%zz&%00") == Names{"a%", "%zz", "%00"});
}

TEST_CASE("a parameter of the metrics page is refused by name") {
  const std::string end =
      "/metrics takes no parameters, and every scrape runs all collectors: "
      "remove the parameter.\n";
  for (const char* const query :
       {"collect[]=x", "collect%5B%5D=x", "%63ollect[]", "collect[]=x&a=b"}) {
    CHECK(Queried(query) ==
          std::pair{400,
                    "The parameter \"collect[]\" is not supported yet: "
                    "collectors cannot be selected. " +
                        end});
  }
  for (const char* const name : {"collect", "exclude", "exclude[]"}) {
    CHECK(
        Queried(std::string(name) + "=x").second.find("is not supported yet") !=
        std::string::npos);
  }
  CHECK(Queried("module=x") ==
        std::pair{400, "The parameter \"module\" is unknown. " + end});
  CHECK(Queried("=x").first == 400);
  CHECK(Queried("%0a=x").second.find("\"\\x0a\"") != std::string::npos);
  CHECK(Queried("a=1", "HEAD").first == 400);
  CHECK(Queried("").first == 200);
  CHECK(Queried("&").first == 200);
  CHECK(Queried("", "HEAD").first == 200);
}

}  // namespace
}  // namespace command_exporter
