#include "core/web/query.hpp"

#include <algorithm>
#include <cstddef>

#include "core/web/http.hpp"

namespace command_exporter {
namespace {

std::string Decoded(std::string_view text) {
  std::string plain(text);
  std::ranges::replace(plain, '+', ' ');
  return DecodePath(plain).value_or(plain);
}

}  // namespace

std::vector<Parameter> ReadParameters(std::string_view query) {
  std::vector<Parameter> parameters;
  while (!query.empty()) {
    const std::string_view pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(pair.size() + 1, query.size()));
    if (pair.empty()) {
      continue;
    }
    const std::size_t name = std::min(pair.find('='), pair.size());
    const std::size_t value = std::min(name + 1, pair.size());
    parameters.push_back(
        {Decoded(pair.substr(0, name)), Decoded(pair.substr(value))});
  }
  return parameters;
}

}  // namespace command_exporter
