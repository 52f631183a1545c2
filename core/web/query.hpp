// The query of a request: the names of its parameters.
//
// Values are not needed yet. https://url.spec.whatwg.org/#urlencoded-parsing
//
// Thread safety: pure functions.
#ifndef COMMAND_EXPORTER_CORE_WEB_QUERY_HPP_
#define COMMAND_EXPORTER_CORE_WEB_QUERY_HPP_

#include <string>
#include <string_view>
#include <vector>

namespace command_exporter {

// Decoded, in their order; as it is if a name cannot be decoded. `query` is
// raw, without the question mark.
std::vector<std::string> ParameterNames(std::string_view query);

}  // namespace command_exporter

#endif  // COMMAND_EXPORTER_CORE_WEB_QUERY_HPP_
