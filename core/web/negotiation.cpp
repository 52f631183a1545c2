#include "core/web/negotiation.hpp"

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "core/web/quality_list.hpp"

namespace command_exporter {
namespace {

struct Offer {
  Exposition format{};
  std::string_view type{};     // "text/plain"
  std::string_view family{};   // "text/*"
  std::string_view version{};  // also what an entry without version means,
                               // for the first of a type
};

// In the order of preference among equals. The text format 1.0.0 is 0.0.4 with
// quoted names; only clients that request it get it.
constexpr std::array<Offer, 4> kOffers = {{
    {Exposition::kText, "text/plain", "text/*", "0.0.4"},
    {Exposition::kOpenMetrics, "application/openmetrics-text", "application/*",
     "1.0.0"},
    {Exposition::kOpenMetrics, "application/openmetrics-text", "application/*",
     "0.0.1"},
    {Exposition::kText, "text/plain", "text/*", "1.0.0"},
}};

// How specifically an entry matches an offer; 0: not at all.
int Specificity(const QualityEntry& entry, const Offer& offer) {
  if (entry.value == "*/*") {
    return 1;
  }
  if (entry.value == offer.family) {
    return 2;
  }
  if (entry.value != offer.type) {
    return 0;
  }
  const std::string_view version = entry.Parameter("version");
  if (version.empty()) {
    return 3;
  }
  return version == offer.version ? 4 : 0;
}

// The entry that matches an offer best.
struct Match {
  const QualityEntry* entry{};  // null: none
  int specificity{};
  std::size_t place{};

  // Greater is better.
  auto Rank() const {
    return std::tuple(entry == nullptr ? 0 : entry->quality, specificity,
                      -static_cast<std::ptrdiff_t>(place));
  }
};

Match FindMatch(const std::vector<QualityEntry>& entries, const Offer& offer) {
  Match best;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const int specificity = Specificity(entries[i], offer);
    if (specificity > best.specificity) {
      best = {&entries[i], specificity, i};
    }
  }
  return best;
}

NameScheme SchemeFor(const QualityEntry* entry) {
  // A client that names no format may not understand quoted names.
  return entry != nullptr && entry->value.find('*') == std::string_view::npos &&
                 entry->Parameter("escaping") == "allow-utf-8"
             ? NameScheme::kAllowUtf8
             : NameScheme::kUnderscores;
}

// As in https://prometheus.io/docs/instrumenting/content_negotiation/: in the
// text format 1.0.0 the escaping is part of the type, and UTF-8 the only
// charset.
std::string ContentType(const Offer& offer, const QualityEntry* entry) {
  const bool is_text_1 =
      offer.format == Exposition::kText && offer.version == "1.0.0";
  std::string type(offer.type);
  type += "; version=";
  type += offer.version;
  if (!is_text_1) {
    type += "; charset=utf-8";
  }
  if (is_text_1 ||
      (entry != nullptr && !entry->Parameter("escaping").empty())) {
    type += SchemeFor(entry) == NameScheme::kAllowUtf8
                ? "; escaping=allow-utf-8"
                : "; escaping=underscores";
  }
  return type;
}

}  // namespace

ChosenExposition ChooseExposition(std::string_view accept) {
  const std::vector<QualityEntry> entries = ParseQualityList(accept);
  const Offer* chosen = &kOffers.front();
  Match best;
  for (const Offer& offer : kOffers) {
    const Match match = FindMatch(entries, offer);
    if (match.entry != nullptr && match.entry->quality > 0 &&
        (best.entry == nullptr || match.Rank() > best.Rank())) {
      best = match;
      chosen = &offer;
    }
  }
  return {chosen->format, SchemeFor(best.entry),
          ContentType(*chosen, best.entry)};
}

bool WantsGzip(std::string_view accept_encoding) {
  // Codings that are not named: gzip is not acceptable; no coding is
  // acceptable, but with the lowest preference.
  int gzip = -1;
  int identity = -1;
  int any = -1;
  for (const QualityEntry& entry : ParseQualityList(accept_encoding)) {
    if (entry.value == "gzip" || entry.value == "x-gzip") {
      gzip = entry.quality;
    } else if (entry.value == "identity") {
      identity = entry.quality;
    } else if (entry.value == "*") {
      any = entry.quality;
    }
  }
  gzip = gzip < 0 ? any : gzip;
  return gzip > 0 && gzip >= identity;
}

}  // namespace command_exporter
