#include "core/web/healthy_page.hpp"

namespace command_exporter {

Response HealthyPage(const Request& /*request*/) {
  return PlainText(200, "Healthy\n");
}

}  // namespace command_exporter
