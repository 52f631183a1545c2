#include "core/metrics/reading/family_metadata.hpp"

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/text.hpp"
#include "core/metrics/name_scheme.hpp"
#include "core/metrics/reading/comment_line.hpp"
#include "core/metrics/reading/distribution.hpp"

namespace command_exporter {

namespace {

std::string CheckUnit(const OpenFamily& open) {
  const bool may_have_unit =
      open.kind != FamilyKind::kInfo && open.kind != FamilyKind::kStateSet;
  return may_have_unit || !open.has_unit
             ? ""
             : "the " + DescribeFamily(open) + " may not have a unit";
}

std::string ReadHelp(const ExpositionLine& line, ExpositionFormat format,
                     OpenFamilies& families) {
  OpenFamily& open = families.FindOrAdd(line.name);
  std::string help = UnescapeHelp(line.text, format);
  if (open.has_help && open.family.help != help) {
    return DescribeMetricName(open.name) + " has a second, other HELP";
  }
  open.has_help = true;
  open.family.help = std::move(help);
  return "";
}

std::string DescribeUnknownType(std::string_view word,
                                ExpositionFormat format) {
  const bool known = FindKind(word, ExpositionFormat::kOpenMetrics).has_value();
  return "\"" + Printable(word) + "\" is not a type; there are " +
         KindWords(format) +
         (known ? " (and more in OpenMetrics, which ends in # EOF)" : "");
}

std::string SetType(OpenFamily& open, FamilyKind kind, ExpositionFormat format,
                    const OpenFamilies& families) {
  open.has_type = true;
  open.kind = kind;
  open.family.type = ModelType(kind);
  for (const PartSuffix& suffix : SuffixesOf(kind, format)) {
    const OpenFamily* const other =
        families.Find(open.name + std::string(suffix.text));
    if (other != nullptr && (other->has_samples || other->has_type)) {
      return "the " + DescribeFamily(open) + " would own " +
             DescribeMetricName(other->name) +
             ", which stands above as a metric of its own";
    }
  }
  if (IsDistribution(kind)) {
    open.family.name = open.name;
    open.distribution = std::make_unique<Distribution>(open.name, kind, format);
  }
  return CheckUnit(open);
}

std::string ReadType(const ExpositionLine& line, ExpositionFormat format,
                     OpenFamilies& families) {
  const auto kind = FindKind(line.text, format);
  if (!kind) {
    return DescribeUnknownType(line.text, format);
  }
  OpenFamily& open = families.FindOrAdd(line.name);
  if (open.has_type) {
    return open.kind == *kind
               ? ""
               : DescribeMetricName(open.name) + " has a second, other TYPE";
  }
  if (open.has_samples) {
    return "the TYPE of " + DescribeMetricName(open.name) +
           " comes after its samples; print it before them";
  }
  if (const auto owner = families.FindOwner(line.name)) {
    return DescribeMetricName(open.name) + " is already part of the " +
           DescribeFamily(families[owner->family]);
  }
  return SetType(open, *kind, format, families);
}

// The model has no place for it; the writer finds it in the name again.
std::string ReadUnit(const ExpositionLine& line, OpenFamilies& families) {
  OpenFamily& open = families.FindOrAdd(line.name);
  if (open.has_unit) {
    return DescribeMetricName(line.name) + " has a second UNIT";
  }
  open.has_unit = !line.text.empty();
  if (open.has_unit && !line.name.ends_with('_' + std::string(line.text))) {
    return "the name " + DescribeMetricName(line.name) +
           " does not end in its unit, _" + Printable(line.text);
  }
  return CheckUnit(open);
}

}  // namespace

std::string ReadFamilyMetadata(const ExpositionLine& line,
                               ExpositionFormat format,
                               OpenFamilies& families) {
  if (line.kind == LineKind::kHelp) {
    return ReadHelp(line, format, families);
  }
  return line.kind == LineKind::kType ? ReadType(line, format, families)
                                      : ReadUnit(line, families);
}

}  // namespace command_exporter
