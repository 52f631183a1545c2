#include "core/web/negotiation.hpp"

#include <zlib.h>

#include <string>
#include <string_view>
#include <utility>

#include <catch2/catch.hpp>

#include "core/web/gzip.hpp"
#include "core/web/quality_list.hpp"

namespace command_exporter {
namespace {

constexpr std::string_view kText = "text/plain; version=0.0.4; charset=utf-8";
constexpr std::string_view kOpen =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";
constexpr std::string_view kOpenEscaped =
    "application/openmetrics-text; version=1.0.0; charset=utf-8; "
    "escaping=underscores";
constexpr std::string_view kOpenUtf8 =
    "application/openmetrics-text; version=1.0.0; charset=utf-8; "
    "escaping=allow-utf-8";
constexpr std::string_view kText1 =
    "text/plain; version=1.0.0; escaping=underscores";
constexpr std::string_view kText1Utf8 =
    "text/plain; version=1.0.0; escaping=allow-utf-8";
constexpr std::string_view kOpenOld =
    "application/openmetrics-text; version=0.0.1; charset=utf-8";

// The Accept of Prometheus 3 with an escaping scheme; "" for none.
std::string AcceptOf3(std::string_view scheme, bool native_histograms) {
  const std::string escaping =
      scheme.empty() ? "" : ";escaping=" + std::string(scheme);
  return native_histograms
             ? "application/vnd.google.protobuf;"
               "proto=io.prometheus.client.MetricFamily;encoding=delimited;"
               "q=0.6,application/openmetrics-text;version=1.0.0" +
                   escaping +
                   ";q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
                   "text/plain;version=1.0.0" +
                   escaping + ";q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
             : "application/openmetrics-text;version=1.0.0" + escaping +
                   ";q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
                   "text/plain;version=1.0.0" +
                   escaping + ";q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
}

TEST_CASE("each Prometheus gets the exposition that it wants most") {
  const std::pair<std::string_view, std::string_view> schemes[] = {
      {"allow-utf-8", kOpenUtf8},   {"underscores", kOpenEscaped},
      {"dots", kOpenEscaped},       {"values", kOpenEscaped},
      {"allow-utf8", kOpenEscaped}, {"", kOpen},
  };
  for (const auto& [scheme, type] : schemes) {
    for (const bool native_histograms : {false, true}) {
      const std::string accept = AcceptOf3(scheme, native_histograms);
      CAPTURE(accept);
      const ChosenExposition chosen = ChooseExposition(accept);
      CHECK(chosen.format == Exposition::kOpenMetrics);
      CHECK(chosen.content_type == type);
      CHECK((chosen.names == NameScheme::kAllowUtf8) ==
            (scheme == "allow-utf-8"));
    }
  }
  // 2.42
  const ChosenExposition old = ChooseExposition(
      "application/openmetrics-text;version=1.0.0,"
      "application/openmetrics-text;version=0.0.1;q=0.75,"
      "text/plain;version=0.0.4;q=0.5,*/*;q=0.1");
  CHECK(old.content_type == kOpen);
  CHECK(old.names == NameScheme::kUnderscores);
}

TEST_CASE("the text format has the names that its own entry allows") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      // scrape_protocols: [PrometheusText0.0.4]
      {"text/plain;version=0.0.4;q=0.3,*/*;q=0.2", kText},
      // scrape_protocols: [PrometheusText1.0.0]
      {"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,*/*;q=0.2",
       kText1Utf8},
      {"text/plain;version=1.0.0;escaping=underscores;q=0.3,*/*;q=0.2", kText1},
      {"text/plain;version=1.0.0;escaping=values", kText1},
      {"text/plain;version=1.0.0", kText1},
      {"text/plain;version=0.0.4;escaping=allow-utf-8",
       "text/plain; version=0.0.4; charset=utf-8; escaping=allow-utf-8"},
      {"text/plain;version=0.0.4;escaping=dots",
       "text/plain; version=0.0.4; charset=utf-8; escaping=underscores"},
      // The chosen entry names no escaping.
      {"text/plain;version=1.0.0;escaping=allow-utf-8;q=0.1,*/*;q=0.2", kText},
      {"application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.1,"
       "text/plain;version=0.0.4;q=0.2",
       kText},
      {"application/openmetrics-text;version=9;escaping=allow-utf-8,*/*;q=0.1",
       kText},
  };
  for (const auto& [accept, type] : cases) {
    CAPTURE(accept);
    const ChosenExposition chosen = ChooseExposition(accept);
    CHECK(chosen.format == Exposition::kText);
    CHECK(chosen.content_type == type);
    CHECK((chosen.names == NameScheme::kAllowUtf8) ==
          type.ends_with("allow-utf-8"));
  }
}

TEST_CASE("q, then how exactly it is named, then the order decides") {
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", kText},
      {"*/*", kText},
      {"text/*", kText},
      {"text/plain", kText},
      {"TEXT/Plain ; Version = \"0.0.4\"", kText},
      {"application/*", kOpen},
      {"application/openmetrics-text", kOpen},
      {"application/openmetrics-text; version=0.0.1", kOpenOld},
      {"application/openmetrics-text; version=1.0.0; charset=utf-8", kOpen},
      // Unknown versions.
      {"text/plain;version=2.0.0", kText},
      {"application/openmetrics-text;version=2.0.0", kText},
      {"application/openmetrics-text;version=2.0.0,application/*;q=0.1", kOpen},
      // Equal preference.
      {"text/plain,application/openmetrics-text", kText},
      {"application/openmetrics-text,text/plain", kOpen},
      {"*/*,application/openmetrics-text", kOpen},
      {"text/plain;q=0.5,application/openmetrics-text;q=0.5", kText},
      // Weights.
      {"text/plain;q=0.5,application/openmetrics-text;q=0.501", kOpen},
      {"text/plain;q=0.9,application/openmetrics-text;q=0.8", kText},
      {"application/openmetrics-text;q=0,*/*", kText},
      {"text/plain;q=0,*/*;q=0.1", kOpen},
      {"text/plain;q=0", kText},
      {"application/openmetrics-text;q=1.000", kOpen},
      {"*/*;q=0.9,text/*;q=0", kOpen},
      // Unreadable entries are ignored.
      {"application/openmetrics-text;q=high,text/plain;q=0.1", kText},
      {"application/openmetrics-text;q=1.5", kText},
      {"application/openmetrics-text;q=-1", kText},
      {"application/openmetrics-text;q=0.0001,text/plain;q=0.1", kText},
      {";;;,,=,application/openmetrics-text;;q=1,", kOpen},
      {"\"application/openmetrics-text", kText},
      {"x;a=\"b,application/openmetrics-text\",text/plain", kText},
      {"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
       kText},
  };
  for (const auto& [accept, type] : cases) {
    CAPTURE(accept);
    const ChosenExposition chosen = ChooseExposition(accept);
    CHECK(chosen.content_type == type);
    CHECK((chosen.format == Exposition::kText) == (type == kText));
  }
}

TEST_CASE("gzip is used when it is offered and wanted most") {
  const std::pair<std::string_view, bool> cases[] = {
      {"", false},
      {"gzip", true},
      {"GZIP", true},
      {"x-gzip", true},
      {"gzip, deflate, br", true},
      {"deflate, gzip;q=1.0, *;q=0.5", true},
      {"*", true},
      {"*;q=0.5", true},
      {"identity", false},
      {"deflate", false},
      {"gzip;q=0", false},
      {"gzip;q=0.000", false},
      {"*, gzip;q=0", false},
      {"*;q=0", false},
      {"identity;q=1, gzip;q=0.5", false},
      {"identity;q=0.5, gzip;q=1.0", true},
      {"identity;q=0, gzip;q=0.1", true},
      {"gzip;q=x", false},
      {"gzipped", false},
  };
  for (const auto& [header, wanted] : cases) {
    CAPTURE(header);
    CHECK(WantsGzip(header) == wanted);
  }
}

TEST_CASE("a list of a header is taken apart") {
  const auto entries =
      ParseQualityList("A/b; C=\"x;,\\\" Y\" ;Q=0.25 , gzip;;q=0.,*;q=1");
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].value == "a/b");
  CHECK(entries[0].Parameter("c") == "x;,\\\" y");
  CHECK(entries[0].Parameter("d").empty());
  CHECK(entries[0].quality == 250);
  CHECK(entries[1].value == "gzip");
  CHECK(entries[1].quality == 0);
  CHECK(entries[2].quality == 1000);
  CHECK(ParseQualityList(" , ;q=1, a b, a;q=, a;q=2, a;q=0.1234").empty());
}

std::string Unpack(const std::string& packed, std::size_t size) {
  z_stream stream{};
  REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string text(size + 1, '\0');
  std::string input = packed;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
  CHECK(stream.avail_in == 0);
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  return text;
}

TEST_CASE("what is packed is unpacked the same, whatever its size") {
  for (const unsigned lines : {0U, 1U, 1000U, 100000U}) {
    std::string text;
    for (unsigned i = 0; i < lines; ++i) {
      text += "metric{label=\"" + std::to_string(i * i) + "\"} 1\n";
    }
    const auto packed = Gzip(text);
    REQUIRE(packed);
    CHECK(packed->starts_with("\x1F\x8B"));
    CHECK(Unpack(*packed, text.size()) == text);
    if (lines >= 1000) {
      CHECK(packed->size() * 3 < text.size());
    }
  }
}

}  // namespace
}  // namespace command_exporter
