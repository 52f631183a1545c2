// The format "exit_code": the run's exit status, the field `value`.
//
// For commands whose result is their status alone (test, systemctl is-active,
// grep -q). Their output is ignored.
#include <string>

#include "collectors/formats/format.hpp"

namespace command_exporter {

Result<Rows, Failure> ParseExitCode(const FormatInput& input,
                                    const FormatConfig& /*config*/) {
  Rows rows;
  rows.StartRow(1);
  rows.SetText("value", std::to_string(input.exit_code));
  return rows;
}

}  // namespace command_exporter
