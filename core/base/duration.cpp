#include "core/base/duration.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>

#include "core/base/text.hpp"

namespace command_exporter {

namespace {

struct TimeUnit {
  std::string_view name{};
  std::int64_t nanoseconds{};
};

// In falling order; "min" is a synonym of "m".
constexpr std::array<TimeUnit, 9> kTimeUnits = {{
    {"w", 604'800'000'000'000},
    {"d", 86'400'000'000'000},
    {"h", 3'600'000'000'000},
    {"m", 60'000'000'000},
    {"min", 60'000'000'000},
    {"s", 1'000'000'000},
    {"ms", 1'000'000},
    {"us", 1'000},
    {"ns", 1},
}};

constexpr std::size_t kMaxFractionDigits = 18;

// Removes the longest prefix of `rest` made of `members` and returns it.
std::string_view TakeWhile(std::string_view& rest, std::string_view members) {
  const std::size_t length =
      std::min(rest.find_first_not_of(members), rest.size());
  const std::string_view taken = rest.substr(0, length);
  rest.remove_prefix(length);
  return taken;
}

// whole.fraction units in nanoseconds, exactly. Null when the result is finer
// than a nanosecond or does not fit an int64.
std::optional<std::int64_t> Exact(std::string_view whole,
                                  std::string_view fraction,
                                  std::int64_t unit) {
  std::int64_t total = 0;
  for (const char c : whole) {
    if (__builtin_mul_overflow(total, std::int64_t{10}, &total) ||
        __builtin_add_overflow(total, std::int64_t{c - '0'}, &total)) {
      return std::nullopt;
    }
  }
  if (__builtin_mul_overflow(total, unit, &total)) {
    return std::nullopt;
  }
  while (fraction.ends_with('0')) {
    fraction.remove_suffix(1);
  }
  if (fraction.size() > kMaxFractionDigits) {
    return std::nullopt;
  }
  std::int64_t numerator = 0;
  std::int64_t denominator = 1;
  for (const char c : fraction) {
    numerator = numerator * 10 + (c - '0');
    denominator *= 10;
  }
  // Computes unit * numerator / denominator within 64 bits: the rest of the
  // denominator has no factor in common with the unit.
  const std::int64_t common = std::gcd(unit, denominator);
  denominator /= common;
  if (numerator % denominator != 0 ||
      __builtin_add_overflow(total, unit / common * (numerator / denominator),
                             &total)) {
    return std::nullopt;
  }
  return total;
}

Error NotADuration(std::string_view text, std::string_view why) {
  return Error{Quote(text) + " " + std::string(why)};
}

// Reads parts such as "1m30s": each number with its unit, units falling.
class DurationReader {
 public:
  explicit DurationReader(std::string_view text) : text_(text), rest_(text) {}

  Result<Duration> Read() {
    if (text_.empty()) {
      return Error{R"(an empty duration; write for example "5s")"};
    }
    while (!rest_.empty()) {
      if (auto error = ReadPart()) {
        return std::move(*error);
      }
    }
    return Duration{total_};
  }

 private:
  std::optional<Error> ReadPart() {
    const std::string_view whole = TakeWhile(rest_, "0123456789");
    std::string_view fraction;
    if (!whole.empty() && rest_.starts_with('.')) {
      rest_.remove_prefix(1);
      fraction = TakeWhile(rest_, "0123456789");
      if (fraction.empty()) {
        return Malformed();
      }
    }
    if (whole.empty()) {
      return Malformed();
    }
    return AddPart(whole, fraction);
  }

  std::optional<Error> AddPart(std::string_view whole,
                               std::string_view fraction) {
    const std::string_view name =
        TakeWhile(rest_, "abcdefghijklmnopqrstuvwxyz");
    if (name.empty()) {
      return rest_.empty() ? NotADuration(text_, WithoutUnit()) : Malformed();
    }
    const auto* const unit =
        std::ranges::find(kTimeUnits, name, &TimeUnit::name);
    if (unit == kTimeUnits.end()) {
      return NotADuration(
          text_, "has the unknown unit " + Quote(name) +
                     R"(; the units are ns, us, ms, s, m, h, d and w, as in )"
                     R"("1m30s")");
    }
    if (unit->nanoseconds >= last_unit_) {
      return NotADuration(
          text_,
          "has its units out of order; the larger comes first, as in "
          "\"1m30s\"");
    }
    last_unit_ = unit->nanoseconds;
    const auto part = Exact(whole, fraction, unit->nanoseconds);
    if (!part || __builtin_add_overflow(total_, *part, &total_)) {
      return NotADuration(
          text_,
          "cannot be held: it is longer than 292 years or finer than 1ns");
    }
    return std::nullopt;
  }

  Error Malformed() const {
    return NotADuration(
        text_,
        R"(is not a duration; write for example "5s", "1m30s" or "250ms")");
  }

  std::string WithoutUnit() const {
    return "has no unit; write for example \"" + Printable(text_) + "s\"";
  }

  std::string_view text_;
  std::string_view rest_;
  std::int64_t total_ = 0;
  std::int64_t last_unit_ = std::numeric_limits<std::int64_t>::max();
};

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  return DurationReader(text).Read();
}

std::string FormatDuration(Duration duration) {
  auto rest = static_cast<std::uint64_t>(duration.count());
  std::string out;
  if (duration.count() < 0) {
    out += '-';
    rest = 0 - rest;
  }
  for (const TimeUnit& unit : kTimeUnits) {
    const auto size = static_cast<std::uint64_t>(unit.nanoseconds);
    // People read "10d" faster than "1w3d".
    if (unit.name == "w" || rest < size) {
      continue;
    }
    out += std::to_string(rest / size);
    out += unit.name;
    rest %= size;
  }
  return out.empty() ? "0s" : out;
}

}  // namespace command_exporter
