// Whether one scrape can have time for all runs of a configuration.
//
// An estimate, for --config.check: it knows what a start costs, and not what
// the commands need. A configuration that it finds too large is too large; one
// that it finds small enough may still be too large.
//
// Thread safety: may be called from any thread.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_SCRAPE_CAPACITY_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_SCRAPE_CAPACITY_HPP_

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/process/system/host_load.hpp"

namespace command_exporter {

// Empty: `runs` commands can be started within a scrape of ten seconds.
std::string CapacityWarning(std::size_t runs,
                            int processors = ProcessorCount());

// Empty: `scheduled` commands that run at the same time leave a place of `most`
// for a scrape.
std::string PlacesWarning(std::size_t scheduled, std::uint32_t most);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_SCRAPE_CAPACITY_HPP_
