// What the exporter needs from the system, checked before it starts.
//
// With too little of it, some scrapes would fail for reasons that nobody sees:
// an exporter that says at its start how much is missing is easier to put
// right. Limits that are reached later fail single runs.
//
// Thread safety: pure but for getrlimit(2) and /proc.
#ifndef COMMAND_EXPORTER_CORE_SERVICE_START_CONDITIONS_HPP_
#define COMMAND_EXPORTER_CORE_SERVICE_START_CONDITIONS_HPP_

#include <cstddef>
#include <cstdint>

#include "core/base/result.hpp"
#include "core/service/options.hpp"

namespace command_exporter {

// Of the web side, which needs most, when all workers have a connection and as
// many of `commands` run as may.
std::uint64_t DescriptorsNeeded(const Options& options, std::size_t commands);

// The hard limit is what counts: the guardian raises the soft one. Errors: how
// many are needed and allowed, and which setting allows more.
Status<> CheckDescriptors(const Options& options, std::size_t commands);

// Whatever the configuration is. Errors: what is missing, how much of it is
// needed, which setting gives more.
Status<> CheckStartConditions(const Options& options);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_SERVICE_START_CONDITIONS_HPP_
