// The format of this target, for format.cpp.
#include "tests/fuzz/format_name.hpp"

namespace command_exporter {

const char* const kFuzzedFormat = COMMAND_EXPORTER_FUZZ_FORMAT;

}  // namespace command_exporter
