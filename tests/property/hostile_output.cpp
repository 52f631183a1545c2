#include "tests/property/hostile_output.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace command_exporter {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::array kNames = {"a"sv,
                               "jobs"sv,
                               "jobs_total"sv,
                               "jobs_created"sv,
                               "jobs_sum"sv,
                               "jobs_count"sv,
                               "jobs_bucket"sv,
                               "jobs_info"sv,
                               "took_seconds"sv,
                               "took_seconds_bucket"sv,
                               "up"sv,
                               "scrape_duration_seconds"sv,
                               "process_open_fds"sv,
                               "command_exporter_collector_up"sv,
                               "command_exporter_http_requests_total"sv,
                               "memory_total_bytes"sv,
                               "__name__"sv,
                               "1st"sv,
                               "with-dash"sv,
                               "with space"sv,
                               "größe"sv,
                               "a:b"sv,
                               "\"quoted.name\""sv,
                               ""sv,
                               "\xff"sv,
                               "nul\0here"sv};

constexpr std::array kTypes = {
    "gauge"sv,          "counter"sv, "histogram"sv,     "summary"sv,
    "untyped"sv,        "unknown"sv, "info"sv,          "stateset"sv,
    "gaugehistogram"sv, "Gauge"sv,   "gauge counter"sv, ""sv};

constexpr std::array kNumbers = {
    "0"sv,     "1"sv,      "-1"sv,   "12.5"sv,
    "NaN"sv,   "+Inf"sv,   "-Inf"sv, "inf"sv,
    "1e400"sv, "5e-324"sv, "0x10"sv, "1_000"sv,
    "1,5"sv,   "+3"sv,     ".5"sv,   "5."sv,
    "-0"sv,    "1e5"sv,    "١"sv,    ""sv,
    "1 1"sv,   "1 1e99"sv, "nan"sv,  "1.7976931348623157e308"sv};

constexpr std::array kLabels = {
    "a"sv,        "b"sv,   "le"sv,  "quantile"sv, "jobs"sv, "collector"sv,
    "__name__"sv, "__a"sv, "a-b"sv, "ä"sv,        ""sv,     "a"sv};

constexpr std::array kLabelValues = {
    "x"sv,     ""sv,    "+Inf"sv,     "1"sv,
    "1.0"sv,   "0.5"sv, "\\\""sv,     "\\\\"sv,
    "\\n"sv,   "\\q"sv, "\\"sv,       "} 1"sv,
    " # {}"sv, "ä"sv,   "\xc3"sv,     "\xed\xa0\x80"sv,
    "a\0b"sv,  "\r"sv,  "\x1b[31m"sv, "\xf0\x9f\x92\xa9"sv};

// Put anywhere into anything.
constexpr std::array kTokens = {"\n"sv,
                                "\r\n"sv,
                                "\0"sv,
                                "\xef\xbb\xbf"sv,
                                "\xff\xfe"sv,
                                "{"sv,
                                "}"sv,
                                "\""sv,
                                "\\"sv,
                                "# EOF\n"sv,
                                "# TYPE up gauge\n"sv,
                                "up 1\n"sv,
                                "NaN"sv,
                                "1e999"sv,
                                "-"sv,
                                "="sv,
                                ","sv,
                                ":"sv,
                                "\t"sv,
                                "# HELP a \\n\\x\n"sv,
                                " # {a=\"b\"} 1"sv,
                                "command_exporter_fake 1\n"sv,
                                "a{a=\"1\",a=\"1\"} 1\n"sv,
                                "%"sv,
                                "["sv,
                                "null"sv,
                                "é"sv};

constexpr std::size_t kLongText = 10000;

}  // namespace

std::string HostileOutput::Mangled(std::string text) {
  if (OneIn(4)) {
    return text;
  }
  if (OneIn(8)) {
    text += corpus_[Below(corpus_.size())];
  }
  for (std::size_t left = Below(4) + 1; left > 0; --left) {
    if (OneIn(3)) {
      MangleLines(text);
    } else {
      Mangle(text);
    }
  }
  return text;
}

void HostileOutput::Mangle(std::string& text) {
  const std::size_t place = Below(text.size() + 1);
  switch (Below(6)) {
    case 0:
      text.insert(place, Pick(kTokens));
      break;
    case 1:
      text.resize(place);
      break;
    case 2:
      text.erase(place, Below(20));
      break;
    case 3:
      if (place < text.size()) {
        text[place] = static_cast<char>(Below(256));
      }
      break;
    case 4:
      text.insert(place, Pick(kNumbers));
      break;
    default:
      text.insert(place, Below(kLongText), static_cast<char>('a' + Below(4)));
      break;
  }
}

void HostileOutput::MangleLines(std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size() - 1);
    lines.push_back(text.substr(start, end + 1 - start));
    start = end + 1;
  }
  if (lines.empty()) {
    return;
  }
  const std::size_t one = Below(lines.size());
  const std::size_t other = Below(lines.size());
  switch (Below(3)) {
    case 0:
      std::swap(lines[one], lines[other]);
      break;
    case 1:
      lines.push_back(lines[one]);
      break;
    default:
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(one));
      break;
  }
  text.clear();
  for (const std::string& line : lines) {
    text += line;
  }
}

std::string HostileOutput::Name() {
  // Mostly good ones, or nothing but errors would come of it.
  constexpr std::size_t kGood = 10;
  return std::string(kNames[Bad(12) ? Below(kNames.size()) : Below(kGood)]);
}

std::string HostileOutput::LabelValue() {
  constexpr std::size_t kGood = 9;
  return std::string(
      kLabelValues[Bad(12) ? Below(kLabelValues.size()) : Below(kGood)]);
}

std::string HostileOutput::LabelSet() {
  const std::size_t count = Below(4);
  if (count == 0) {
    return OneIn(5) ? "{}" : "";
  }
  std::string text = "{";
  for (std::size_t i = 0; i < count; ++i) {
    text += i > 0 ? "," : "";
    text += kLabels[Bad(12) ? Below(kLabels.size()) : i];
    text += "=\"" + LabelValue() + "\"";
  }
  return text + (OneIn(10) ? ",}" : "}");
}

std::string HostileOutput::Sample(const std::string& name) {
  constexpr std::size_t kGood = 7;
  std::string text = name + LabelSet() + " ";
  text += kNumbers[Bad(12) ? Below(kNumbers.size()) : Below(kGood)];
  if (Bad(30)) {
    text += " 1700000000000";
  }
  if (OneIn(40)) {
    text += " # {trace=\"x\"} 1";
  }
  return text + (OneIn(40) ? "\r\n" : "\n");
}

std::string HostileOutput::Histogram(const std::string& name) {
  std::string text = "# TYPE " + name + " histogram\n";
  const std::string label = OneIn(3) ? "a=\"" + LabelValue() + "\"," : "";
  std::size_t count = 0;
  for (const char* bound : {"0.1", "1", "10", "+Inf"}) {
    count = Bad(15) ? Below(9) : count + Below(3);
    if (!Bad(20)) {
      text += name + "_bucket{" + label + "le=\"" + bound + "\"} " +
              std::to_string(count) + "\n";
    }
  }
  const std::string labels = label.empty() ? "" : "{" + label + "}";
  if (!Bad(6)) {
    text += name + "_sum" + labels + " " +
            std::string(Bad(4) ? Pick(kNumbers) : "12.5") + "\n";
  }
  if (!Bad(6)) {
    text += name + "_count" + labels + " " +
            std::to_string(Bad(6) ? Below(9) : count) + "\n";
  }
  return text;
}

std::string HostileOutput::Exposition() {
  tame_ = OneIn(2);
  std::string text;
  for (std::size_t left = Below(5) + 1; left > 0; --left) {
    const std::string name = Name();
    if (OneIn(3)) {
      text +=
          "# HELP " + name + " Words with \\\\ and \\n " + LabelValue() + "\n";
    }
    if (OneIn(5)) {
      text += Histogram(name);
      continue;
    }
    if (!OneIn(3)) {
      constexpr std::size_t kGood = 2;
      text += "# TYPE " + name + " ";
      text += kTypes[Bad(3) ? Below(kTypes.size()) : Below(kGood)];
      text += "\n";
    }
    for (std::size_t samples = Below(4); samples > 0; --samples) {
      text += Sample(Bad(8) ? Name() : name);
    }
  }
  if (OneIn(6)) {
    text += "# EOF\n";
  }
  return Bad(4) ? Mangled(std::move(text)) : text;
}

}  // namespace command_exporter
