#include "core/web/landing_page.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/duration.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kStyle =
    "body{font-family:sans-serif;margin:0}"
    "header{background:#e6522c;color:#fff;padding:.5em 1em}"
    "main{padding:0 1em}"
    "table{border-collapse:collapse}"
    "th,td{border:1px solid #ccc;padding:.3em .6em;text-align:left}";

std::string Cell(std::string_view text) {
  return "<td>" + EscapeHtml(text) + "</td>";
}

std::string Row(const CollectorIdentity& identity) {
  std::string labels;
  for (const auto& [name, value] : identity.matrix) {
    labels += labels.empty() ? "" : ", ";
    labels += name + "=\"" + value + "\"";
  }
  const Duration every = identity.schedule.every;
  return "<tr>" + Cell(identity.name) + Cell(labels) +
         Cell(every > Duration{0} ? "every " + FormatDuration(every)
                                  : "scrape") +
         Cell(FormatDuration(identity.timeout)) + Cell(identity.description) +
         Cell(identity.position) + "</tr>\n";
}

}  // namespace

std::string EscapeHtml(std::string_view text) {
  constexpr std::array<std::pair<char, std::string_view>, 5> kEntities = {
      {{'&', "&amp;"},
       {'<', "&lt;"},
       {'>', "&gt;"},
       {'"', "&quot;"},
       {'\'', "&#39;"}}};
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto* const entity = std::ranges::find(
        kEntities, c, &std::pair<char, std::string_view>::first);
    if (entity == kEntities.end()) {
      out += c;
    } else {
      out += entity->second;
    }
  }
  return out;
}

LandingPage::LandingPage(const Gatherer& gatherer, std::string version,
                         std::string metrics_path)
    : gatherer_(gatherer),
      version_(std::move(version)),
      metrics_path_(std::move(metrics_path)) {}

Response LandingPage::Handle(const Request& /*request*/) const {
  std::string body =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\">"
      "<title>command_exporter</title><style>";
  body += kStyle;
  body +=
      "</style></head>\n<body>\n<header><h1>command_exporter</h1></header>\n"
      "<main>\n<p>Prometheus exporter that runs commands and turns what they "
      "print into metrics.</p>\n<p>Version: " +
      EscapeHtml(version_) + "</p>\n<ul>\n<li><a href=\"" +
      EscapeHtml(metrics_path_) +
      "\">Metrics</a> (runs the commands)</li>\n"
      "<li><a href=\"/-/healthy\">Healthy</a></li>\n</ul>\n"
      "<h2>Collectors</h2>\n<table>\n<tr><th>Name</th><th>Labels</th>"
      "<th>Schedule</th><th>Timeout</th><th>Description</th><th>Defined at</th>"
      "</tr>\n";
  for (const CollectorIdentity& identity : gatherer_.Identities()) {
    body += Row(identity);
  }
  body += "</table>\n</main>\n</body>\n</html>\n";
  return Response{
      200, {{"Content-Type", "text/html; charset=UTF-8"}}, std::move(body)};
}

}  // namespace command_exporter
