// The landing page: the program, its pages and its collectors.
//
// Thread safety: Handle from any thread; the object is immutable.
#ifndef COMMAND_EXPORTER_CORE_WEB_LANDING_PAGE_HPP_
#define COMMAND_EXPORTER_CORE_WEB_LANDING_PAGE_HPP_

#include <string>
#include <string_view>

#include "core/scrape/gatherer.hpp"
#include "core/web/http.hpp"

namespace command_exporter {

class LandingPage {
 public:
  // The gatherer must outlive the page.
  LandingPage(const Gatherer& gatherer, std::string version,
              std::string metrics_path);

  Response Handle(const Request& request) const;

 private:
  const Gatherer& gatherer_;
  std::string version_;
  std::string metrics_path_;
};

// Escapes & < > " ' for an element or an attribute.
std::string EscapeHtml(std::string_view text);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_LANDING_PAGE_HPP_
