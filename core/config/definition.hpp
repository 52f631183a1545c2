// The definition of a collector: what a reload compares.
//
// Definitions are compared as they are read, with their defaults: a key that
// [exporter.defaults] sets counts as if the collector did. A comment, another
// place in the files or another order of labels does not count, nor does what
// only names or tests a collector. The values of its matrix do not count
// either: each instance has its own.
//
// Thread safety: pure function.
#ifndef COMMAND_EXPORTER_CORE_CONFIG_DEFINITION_HPP_
#define COMMAND_EXPORTER_CORE_CONFIG_DEFINITION_HPP_

#include "core/config/config.hpp"

namespace command_exporter {

// Equal if, and only if, the collectors do the same at each run. Of no other
// use than to be compared.
CollectorConfig DefinitionOf(CollectorConfig collector);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_CONFIG_DEFINITION_HPP_
