// The query of a request: its parameters.
//
// https://url.spec.whatwg.org/#urlencoded-parsing
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_WEB_QUERY_HPP_
#define COMMAND_EXPORTER_CORE_WEB_QUERY_HPP_

#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

struct Parameter {
  std::string name{};
  std::string value{};  // empty without "="
};

// Decoded, in their order; what cannot be decoded is left as it is. `query` is
// raw, without the question mark.
std::vector<Parameter> ReadParameters(std::string_view query);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_QUERY_HPP_
