// The format that a target of format.cpp fuzzes: the only difference between
// the targets, so that the rest is compiled once.
//
// Thread safety: a constant.
#ifndef COMMAND_EXPORTER_TESTS_FUZZ_FORMAT_NAME_HPP_
#define COMMAND_EXPORTER_TESTS_FUZZ_FORMAT_NAME_HPP_

namespace command_exporter {

// As in the configuration, and as the folder of its golden cases.
extern const char* const kFuzzedFormat;

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_TESTS_FUZZ_FORMAT_NAME_HPP_
