#include "core/process/launcher/run_command.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <span>
#include <utility>

#include "core/process/spawn/spawn_plan.hpp"

namespace command_exporter {
namespace {

// FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: the table comes from the
// administrator, so nobody looks for collisions.
class Hash {
 public:
  void Add(std::string_view bytes) {
    for (const char byte : bytes) {
      Mix(static_cast<unsigned char>(byte));
    }
    Mix(kEnd);
  }

  void Add(std::span<const std::string> texts) {
    for (const std::string& text : texts) {
      Add(text);
    }
    Mix(kEnd);
  }

  std::uint64_t value() const { return value_; }

 private:
  static constexpr std::uint64_t kEnd = 0x1FF;  // no byte has this value

  void Mix(std::uint64_t value) {
    constexpr std::uint64_t kPrime = 0x100000001b3;
    value_ = (value_ ^ value) * kPrime;
  }

  std::uint64_t value_{0xcbf29ce484222325};
};

std::uint64_t IdentityOf(const CommandSpec& spec) {
  Hash hash;
  hash.Add(spec.name);
  hash.Add(spec.argv);
  hash.Add(spec.environment);
  hash.Add(spec.cwd);
  hash.Add(spec.stdin_text.value_or(""));
  return hash.value();
}

std::uint64_t HashOf(std::string_view text) {
  Hash hash;
  hash.Add(text);
  return hash.value();
}

}  // namespace

std::string MarkerPrefix(pid_t launcher) {
  return std::string(kMarkerName) + std::to_string(launcher) + ".";
}

RunCommand::RunCommand(const CommandSpec& spec)
    : spec_(&spec),
      identity_(IdentityOf(spec)),
      collector_(HashOf(spec.name)),
      paths_(Pointers(spec.paths)),
      argv_(Pointers(spec.argv)),
      envp_(Pointers(spec.environment, kVariables)) {}

const char* const* RunCommand::PrepareEnvironment(pid_t launcher,
                                                  std::uint64_t serial,
                                                  Duration timeout) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  timespec wall{};
  ::clock_gettime(CLOCK_REALTIME, &wall);
  const std::int64_t end =
      wall.tv_sec + (wall.tv_nsec + timeout.count()) / kSecond;
  std::snprintf(variables_[0].data(), kVariableBytes, "%s%ld.%llu",
                kMarkerName.data(), static_cast<long>(launcher),
                static_cast<unsigned long long>(serial));
  std::snprintf(variables_[1].data(), kVariableBytes,
                "COMMAND_EXPORTER_DEADLINE=%lld", static_cast<long long>(end));
  std::snprintf(variables_[2].data(), kVariableBytes,
                "COMMAND_EXPORTER_TIMEOUT_SECONDS=%.9g", ToSeconds(timeout));
  for (std::size_t i = 0; i < kVariables; ++i) {
    envp_[i] = variables_[i].data();
  }
  return envp_.data();
}

std::span<const ResourceLimit> RunCommand::PrepareLimits(
    const rlimit& open_files) {
  const RunLimits& limits = spec_->limits;
  std::size_t count = 0;
  const auto add = [&](int resource, rlim_t soft, rlim_t hard) {
    limits_[count++] = {resource, {soft, hard}};
  };
  if (limits.open_files) {
    add(RLIMIT_NOFILE, *limits.open_files, *limits.open_files);
  } else {
    add(RLIMIT_NOFILE, open_files.rlim_cur, open_files.rlim_max);
  }
  if (limits.cpu_seconds) {
    // SIGXCPU first, which tells what has happened; KILL a second later.
    add(RLIMIT_CPU, *limits.cpu_seconds, rlim_t{*limits.cpu_seconds} + 1);
  }
  if (limits.address_space) {
    add(RLIMIT_AS, *limits.address_space, *limits.address_space);
  }
  return {limits_.data(), count};
}

Generation::Generation(CommandTable table) : table_(std::move(table)) {
  commands_.reserve(table_.commands.size());
  for (const CommandSpec& spec : table_.commands) {
    commands_.emplace_back(spec);
    collectors_.insert(commands_.back().collector());
  }
}

RunCommand* Generation::Find(std::uint32_t index) {
  return index < commands_.size() ? &commands_[index] : nullptr;
}

void Generations::Add(CommandTable table) {
  std::rotate(kept_.begin(), kept_.end() - 1, kept_.end());
  kept_.front() = std::make_shared<Generation>(std::move(table));
}

std::shared_ptr<Generation> Generations::Find(std::uint32_t number) const {
  for (const auto& generation : kept_) {
    if (generation && generation->number() == number) {
      return generation;
    }
  }
  return nullptr;
}

}  // namespace command_exporter
