// The jq process that the cases of a test program share.
//
// Thread safety: as JqProcess.
#ifndef COMMAND_EXPORTER_TESTS_SUPPORT_TEST_JQ_HPP_
#define COMMAND_EXPORTER_TESTS_SUPPORT_TEST_JQ_HPP_

#include "core/jq/jq_process.hpp"

namespace command_exporter::test {

inline JqProcess& Jq() {
  static JqProcess process;
  return process;
}

}  // namespace command_exporter::test

#endif  // COMMAND_EXPORTER_TESTS_SUPPORT_TEST_JQ_HPP_
