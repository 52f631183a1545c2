#include "core/web/collector_selection.hpp"

#include <algorithm>
#include <optional>

#include "core/base/text.hpp"
#include "core/web/query.hpp"

namespace command_exporter {
namespace {

// What the parameter does with the collector; none: it is another one.
std::optional<bool> Excludes(std::string_view parameter) {
  if (parameter == "collect[]" || parameter == "collect") {
    return false;
  }
  if (parameter == "exclude[]" || parameter == "exclude") {
    return true;
  }
  return std::nullopt;
}

Error UnknownParameter(const std::string& name) {
  return Error{"The parameter " + Quote(name) +
               " is unknown: the parameters are collect[] and exclude[], such "
               "as ?collect[]=free."};
}

Error UnknownCollector(const Parameter& parameter,
                       std::span<const std::string> names) {
  const std::string hint = DidYouMean(parameter.value, Views(names));
  return Error{
      parameter.name + ": there is no collector " + Quote(parameter.value) +
      (hint.empty() ? "; --list-collectors and the page / list them." : hint)};
}

}  // namespace

Result<Selection> ReadSelection(std::string_view query,
                                std::span<const std::string> names) {
  Selection selection;
  std::optional<bool> inverted;
  for (const Parameter& parameter : ReadParameters(query)) {
    const std::optional<bool> excludes = Excludes(parameter.name);
    if (!excludes) {
      return UnknownParameter(parameter.name);
    }
    if (inverted && inverted != excludes) {
      return Error{
          "collect[] and exclude[] are both set, which has no clear meaning: "
          "use one of them."};
    }
    if (std::ranges::find(names, parameter.value) == names.end()) {
      return UnknownCollector(parameter, names);
    }
    inverted = excludes;
    selection.names.insert(parameter.value);
  }
  selection.is_inverted = inverted.value_or(true);
  return selection;
}

}  // namespace command_exporter
