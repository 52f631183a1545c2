// The page that answers as long as the process can answer at all.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_WEB_HEALTHY_PAGE_HPP_
#define COMMAND_EXPORTER_CORE_WEB_HEALTHY_PAGE_HPP_

#include "core/web/http.hpp"

namespace command_exporter {

Response HealthyPage(const Request& request);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_HEALTHY_PAGE_HPP_
