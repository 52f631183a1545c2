// Whether a reload has changed a collector.
//
// Definitions are compared as they are read, with their defaults: a key that
// [exporter.defaults] sets counts as if the collector did, a comment or another
// place in the files does not count. What only names or tests a collector does
// not count, nor do the values of its matrix: each instance has its own.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_SAME_DEFINITION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_SAME_DEFINITION_HPP_

#include "core/config/config.hpp"

namespace command_exporter {

bool HaveSameDefinition(const CollectorConfig& a, const CollectorConfig& b);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_SAME_DEFINITION_HPP_
