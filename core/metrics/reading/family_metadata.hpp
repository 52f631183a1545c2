// What the lines HELP, TYPE and UNIT say about a family, and what they may not
// say: a second, other TYPE, a TYPE below the samples, a name that is part of
// another family already.
//
// Apart from the reading of samples, since it is needed once a family and has
// more rules than samples have.
//
// Thread safety: pure functions of their arguments.
#ifndef COMMAND_EXPORTER_CORE_METRICS_READING_FAMILY_METADATA_HPP_
#define COMMAND_EXPORTER_CORE_METRICS_READING_FAMILY_METADATA_HPP_

#include <string>

#include "core/metrics/reading/exposition_line.hpp"
#include "core/metrics/reading/exposition_types.hpp"
#include "core/metrics/reading/open_families.hpp"

namespace command_exporter {

// Enters what `line` says into its family. Returns what is wrong with it; empty
// if nothing. Requires: the line is of kind kHelp, kType or kUnit.
std::string ReadFamilyMetadata(const ExpositionLine& line,
                               ExpositionFormat format, OpenFamilies& families);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_METRICS_READING_FAMILY_METADATA_HPP_
