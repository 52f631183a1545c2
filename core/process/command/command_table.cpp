#include "core/process/command/command_table.hpp"

#include <cstddef>
#include <limits>

#include "core/base/wire.hpp"

namespace command_exporter {
namespace {

// "CEXT", then the layout's version. Writer and reader are the same binary, so
// numbers keep the machine's byte order; the version detects a program that was
// replaced on disk between two loads.
constexpr std::uint32_t kMagic = 0x54584543;
constexpr std::uint32_t kVersion = 3;

template <typename T>
void WriteOptional(WireWriter& out, const std::optional<T>& value) {
  out.Number(static_cast<std::uint8_t>(value ? 1 : 0));
  if (value) {
    out.Number(*value);
  }
}

template <typename T>
std::optional<T> ReadOptional(WireReader& in, T least, T most) {
  if (!in.Flag()) {
    return std::nullopt;
  }
  return in.Bounded<T>(least, most);
}

void WriteIds(WireWriter& out, const std::optional<RunIds>& ids) {
  out.Number(static_cast<std::uint8_t>(ids ? 1 : 0));
  if (!ids) {
    return;
  }
  out.Number(ids->uid);
  out.Number(ids->gid);
  out.Number(static_cast<std::uint32_t>(ids->groups.size()));
  for (const std::uint32_t group : ids->groups) {
    out.Number(group);
  }
}

std::optional<RunIds> ReadIds(WireReader& in) {
  if (!in.Flag()) {
    return std::nullopt;
  }
  RunIds ids;
  ids.uid = in.Number<std::uint32_t>();
  ids.gid = in.Number<std::uint32_t>();
  ids.groups.resize(in.Count(sizeof(std::uint32_t)));
  for (std::uint32_t& group : ids.groups) {
    group = in.Number<std::uint32_t>();
  }
  return ids;
}

void WriteLimits(WireWriter& out, const RunLimits& limits) {
  WriteOptional(out, limits.cpu_seconds);
  WriteOptional(out, limits.address_space);
  WriteOptional(out, limits.open_files);
  WriteOptional(out, limits.memory);
  WriteOptional(out, limits.processes);
}

RunLimits ReadLimits(WireReader& in) {
  RunLimits limits;
  limits.cpu_seconds = ReadOptional<std::uint32_t>(in, 1, kMostCpuSeconds);
  limits.address_space = ReadOptional<std::uint64_t>(in, 1, kMostMemory);
  limits.open_files = ReadOptional<std::uint32_t>(in, 1, kMostOpenFiles);
  limits.memory = ReadOptional<std::uint64_t>(in, 1, kMostMemory);
  limits.processes = ReadOptional<std::uint32_t>(in, 1, kMostProcesses);
  return limits;
}

void WriteSpec(WireWriter& out, const CommandSpec& spec) {
  out.Text(spec.name);
  out.Texts(spec.argv);
  out.Texts(spec.paths);
  out.Texts(spec.environment);
  out.Text(spec.cwd);
  out.Number(static_cast<std::uint8_t>(spec.stdin_text ? 1 : 0));
  if (spec.stdin_text) {
    out.Text(*spec.stdin_text);
  }
  WriteIds(out, spec.ids);
  WriteOptional(out, spec.umask);
  WriteOptional(out, spec.nice);
  out.Number(std::int64_t{spec.grace.count()});
  WriteOptional(out, spec.program_owner);
  WriteLimits(out, spec.limits);
  out.Number(static_cast<std::uint8_t>(spec.cgroup));
}

CommandSpec ReadSpec(WireReader& in) {
  CommandSpec spec;
  spec.name = in.CText();
  spec.argv = in.CTexts();
  spec.paths = in.CTexts();
  spec.environment = in.CTexts();
  spec.cwd = in.CText();
  if (in.Flag()) {
    spec.stdin_text = in.Text();
  }
  spec.ids = ReadIds(in);
  spec.umask = ReadOptional<std::uint32_t>(in, 0, kMostUmask);
  spec.nice = ReadOptional<int>(in, kLeastNice, kMostNice);
  spec.grace = Duration{in.Bounded<std::int64_t>(0, kLongestGrace.count())};
  spec.program_owner = ReadOptional<std::uint32_t>(
      in, 0, std::numeric_limits<std::uint32_t>::max());
  spec.limits = ReadLimits(in);
  spec.cgroup = static_cast<CgroupUse>(in.Bounded<std::uint8_t>(
      0, static_cast<std::uint8_t>(CgroupUse::kRequired)));
  return spec;
}

// The least size of a spec: five lengths or counts, ten flags, the grace and
// the use of a control group.
constexpr std::size_t kLeastSpec = 5 * sizeof(std::uint32_t) + 10 + 8 + 1;

}  // namespace

std::string EncodeCommandTable(const CommandTable& table) {
  std::string bytes;
  WireWriter out(bytes);
  out.Number(kMagic);
  out.Number(kVersion);
  out.Number(table.generation);
  out.Number(static_cast<std::uint32_t>(table.commands.size()));
  for (const CommandSpec& spec : table.commands) {
    WriteSpec(out, spec);
  }
  return bytes;
}

Result<CommandTable> DecodeCommandTable(std::string_view bytes) {
  WireReader in(bytes);
  if (in.Number<std::uint32_t>() != kMagic) {
    return Error{"not a command table"};
  }
  const auto version = in.Number<std::uint32_t>();
  if (version != kVersion) {
    return Error{"command table of layout " + std::to_string(version) +
                 ", this program reads " + std::to_string(kVersion) +
                 ": was the program replaced while it ran? Restart it"};
  }
  CommandTable table;
  table.generation = in.Number<std::uint32_t>();
  const std::size_t count = in.Count(kLeastSpec);
  for (std::size_t i = 0; i < count && in.Ok(); ++i) {
    table.commands.push_back(ReadSpec(in));
    if (in.Ok() && table.commands.back().argv.empty()) {
      return Error{"damaged command table: command " + std::to_string(i) +
                   " has no argv"};
    }
  }
  if (!in.AtEnd()) {
    return Error{"damaged command table: " + std::to_string(bytes.size()) +
                 " bytes do not hold what they announce"};
  }
  return table;
}

}  // namespace command_exporter
