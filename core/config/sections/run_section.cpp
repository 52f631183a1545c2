// The run keys: how a command is run, for one collector or as the default of
// all.
#include <utility>

#include "core/base/number.hpp"
#include "core/config/sections/name_faults.hpp"
#include "core/config/sections/sections.hpp"

namespace command_exporter {

namespace {

constexpr DurationRange kGraceRange = {std::chrono::seconds{0},
                                       std::chrono::hours{1}};
constexpr IntegerRange kNiceRange = {-20, 19};
constexpr int kMostExitCode = 255;
constexpr std::uint32_t kMostUmask = 0777;
constexpr SizeRange kOutputRange = {
    1, std::uint64_t{1} << 30U,
    "from \"1B\" to \"1GiB\", such as \"64KiB\" or \"1MiB\""};
constexpr int kOctal = 8;

void ReadUmask(const TableReader& reader, RunConfig& run) {
  const TomlNode* node = reader.Find("umask");
  if (node == nullptr) {
    return;
  }
  const auto mask = node->kind == TomlKind::kString
                        ? ParseInteger<std::uint32_t>(node->text, kOctal)
                        : std::nullopt;
  if (!mask || *mask > kMostUmask) {
    reader.FailAt("umask",
                  "umask must be an octal number in quotes, such as \"027\"");
    return;
  }
  run.umask = mask;
}

// 2 or "2-5".
std::optional<std::pair<int, int>> ReadCodeRange(const TomlNode& node) {
  if (node.kind == TomlKind::kInteger && node.integer >= 0 &&
      node.integer <= kMostExitCode) {
    const int code = static_cast<int>(node.integer);
    return std::pair{code, code};
  }
  if (node.kind != TomlKind::kString) {
    return std::nullopt;
  }
  const std::string_view text = node.text;
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) {
    return std::nullopt;
  }
  const auto from = ParseInteger<std::uint8_t>(text.substr(0, dash));
  const auto to = ParseInteger<std::uint8_t>(text.substr(dash + 1));
  if (!from || !to || *from > *to) {
    return std::nullopt;
  }
  return std::pair<int, int>{*from, *to};
}

void ReadExitCodes(const TableReader& reader, RunConfig& run) {
  const TomlNode* node = reader.Find("success_exit_codes");
  if (node == nullptr) {
    return;
  }
  ExitCodes codes{.any = false, .ranges = {}, .written = true};
  if (node->kind == TomlKind::kString && node->text == "any") {
    codes.any = true;
  } else if (node->kind != TomlKind::kList || node->items.empty()) {
    reader.FailAt("success_exit_codes",
                  "success_exit_codes must be \"any\" or a list such as "
                  "[0, \"2-5\"]");
    return;
  }
  for (const TomlNode& item : node->items) {
    const auto range = ReadCodeRange(item);
    if (!range) {
      reader.Fail(item.position,
                  "an element of success_exit_codes must be a number from 0 to "
                  "255 or a range such as \"2-5\"");
      continue;
    }
    codes.ranges.push_back(*range);
  }
  run.success_exit_codes = std::move(codes);
}

void ReadEnvironment(const TableReader& reader, KeyLevel level,
                     RunConfig& run) {
  if (const TomlNode* table = reader.FreeTable("env", level)) {
    for (const TomlEntry& entry : table->entries) {
      if (const std::string fault = EnvironmentNameFault(entry.key);
          !fault.empty()) {
        reader.Fail(entry.position, "env: " + fault);
      } else if (auto text = reader.TextOf(entry.value, "env." + entry.key)) {
        run.env[entry.key] = std::move(*text);
      }
    }
  }
  if (auto names = reader.Words("pass_env")) {
    for (const std::string& name : *names) {
      if (const std::string fault = EnvironmentNameFault(name);
          !fault.empty()) {
        reader.FailAt("pass_env", "pass_env: " + fault);
      }
    }
    run.pass_env = std::move(*names);
  }
}

}  // namespace

void ReadRunKeys(const TableReader& reader, KeyLevel level, RunConfig& run) {
  Assign(reader.Time("timeout", kTimeoutRange), run.timeout);
  Assign(reader.Time("grace", kGraceRange), run.grace);
  Assign(reader.Words("interpreter"), run.interpreter);
  Assign(reader.Text("stdin"), run.stdin_text);
  ReadEnvironment(reader, level, run);
  Assign(reader.Word("cwd"), run.cwd);
  if (auto user = reader.Word("user")) {
    run.user = *std::move(user);
    run.user_position = reader.PositionOf("user");
  }
  ReadUmask(reader, run);
  Assign(reader.Integer("nice", kNiceRange), run.nice);
  ReadLimitKeys(reader, level, run);
  Assign(ReadSize(reader, "max_output", kOutputRange), run.max_output);
  ReadExitCodes(reader, run);
  if (const auto fail = reader.Boolean("fail_on_stderr")) {
    run.fail_on_stderr = *fail;
  }
}

}  // namespace command_exporter
