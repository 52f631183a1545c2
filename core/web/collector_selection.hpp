// The collectors that a request selects: /metrics?collect[]=NAME, or
// exclude[]=NAME.
//
// The parameters are those of node_exporter, and may be written without the
// brackets. Whatever is not understood is an error: a request for less than all
// collectors must never get all of them. A name that the configuration has is
// no error where the collector is off, so that one scrape job serves hosts that
// differ; it selects nothing.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_WEB_COLLECTOR_SELECTION_HPP_
#define COMMAND_EXPORTER_CORE_WEB_COLLECTOR_SELECTION_HPP_

#include <span>
#include <string>
#include <string_view>

#include "core/base/result.hpp"
#include "core/scrape/selection.hpp"

namespace command_exporter {

// `query` is raw; `names` are those of all collectors. Errors: a text for the
// client.
Result<Selection> ReadSelection(std::string_view query,
                                std::span<const std::string> names);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_COLLECTOR_SELECTION_HPP_
