#include "core/web/query.hpp"

#include <algorithm>
#include <cstddef>

#include "core/web/http.hpp"

namespace command_exporter {

std::vector<std::string> ParameterNames(std::string_view query) {
  std::vector<std::string> names;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) {
      continue;
    }
    std::string name(pair.substr(0, pair.find('=')));
    std::ranges::replace(name, '+', ' ');
    names.push_back(DecodePath(name).value_or(name));
  }
  return names;
}

}  // namespace command_exporter
