#include "collectors/commands/limit_checks.hpp"

#include <array>
#include <utility>

#include "core/process/system/user.hpp"

namespace command_exporter {
namespace {

constexpr const char* kHowToGetOne =
    " (docs/configuration.md, \"Limits and containment\")";

rlim_t HardLimit(__rlimit_resource_t resource) {
  rlimit limit{};
  return ::getrlimit(resource, &limit) == 0 ? limit.rlim_max : RLIM_INFINITY;
}

class LimitHolder {
 public:
  LimitHolder(const CollectorConfig& config, const MachineLimits& machine,
              CommandSpec& spec)
      : config_(config),
        machine_(machine),
        spec_(spec) {}

  Result<std::vector<std::string>> Hold() {
    const std::array<Status<> (LimitHolder::*)(), 5> steps = {
        &LimitHolder::HoldContainment, &LimitHolder::HoldCpu,
        &LimitHolder::HoldFiles, &LimitHolder::HoldMemory,
        &LimitHolder::HoldProcesses};
    for (const auto step : steps) {
      if (const Status<> held = (this->*step)(); !held) {
        return held.error();
      }
    }
    return std::move(warnings_);
  }

 private:
  std::string Line(const SourcePosition& at, const std::string& text) const {
    return ToString(at) + ": collector \"" + config_.name + "\": " + text;
  }

  Error Refuse(const std::string& text) const {
    return Error{Line(config_.run.limits.position, text)};
  }

  void Warn(const SourcePosition& at, const std::string& text) {
    warnings_.push_back(Line(at, text));
  }

  Status<> HoldContainment() {
    const SourcePosition& at = config_.run.containment_position;
    switch (config_.run.containment) {
      case Containment::kSession:
        spec_.cgroup = CgroupUse::kNever;
        return Done{};
      case Containment::kAuto:
        spec_.cgroup = CgroupUse::kIfThere;
        return Done{};
      case Containment::kCgroup:
        break;
    }
    spec_.cgroup = CgroupUse::kRequired;
    if (!machine_.cgroups) {
      Warn(at,
           "whether there are control groups for containment = \"cgroup\" is "
           "known only where the service runs, and was not checked");
    } else if (!*machine_.cgroups) {
      return Error{
          Line(at,
               "containment = \"cgroup\" needs a part of the cgroup v2 "
               "tree that the exporter may write, and " +
                   machine_.cgroups->why_not + kHowToGetOne +
                   "; or write containment = \"auto\"")};
    }
    return Done{};
  }

  // The value of `name` is above the hard limit `most`.
  Error TooMuch(const std::string& name, rlim_t most) const {
    return Refuse(
        "limits." + name + " is above the exporter's own hard limit of " +
        std::to_string(most) +
        ", which only root (CAP_SYS_RESOURCE) may raise: lower it, or "
        "raise the exporter's (ulimit -H; systemd: Limit" +
        (name == "files" ? "NOFILE"
         : name == "cpu" ? "CPU"
                         : "AS") +
        "=)");
  }

  bool Exceeds(rlim_t wanted, rlim_t hard) const {
    return !machine_.may_raise && hard != RLIM_INFINITY && wanted > hard;
  }

  Status<> HoldCpu() {
    if (!config_.run.limits.cpu) {
      return Done{};
    }
    const auto seconds =
        std::chrono::ceil<std::chrono::seconds>(*config_.run.limits.cpu);
    spec_.limits.cpu_seconds = static_cast<std::uint32_t>(seconds.count());
    // The hard limit is a second above the soft one.
    if (Exceeds(rlim_t{*spec_.limits.cpu_seconds} + 1, machine_.cpu_seconds)) {
      return TooMuch("cpu", machine_.cpu_seconds);
    }
    return Done{};
  }

  Status<> HoldFiles() {
    spec_.limits.open_files = config_.run.limits.files;
    if (spec_.limits.open_files &&
        Exceeds(*spec_.limits.open_files, machine_.open_files)) {
      return TooMuch("files", machine_.open_files);
    }
    return Done{};
  }

  Status<> HoldMemory() {
    const LimitsConfig& limits = config_.run.limits;
    if (!limits.memory) {
      return Done{};
    }
    const bool may_use_cgroup = spec_.cgroup != CgroupUse::kNever;
    if (may_use_cgroup && machine_.cgroups && machine_.cgroups->memory) {
      spec_.limits.memory = limits.memory;
      spec_.cgroup = CgroupUse::kRequired;
      return Done{};
    }
    spec_.limits.address_space = limits.memory;
    if (Exceeds(*limits.memory, machine_.address_space)) {
      return TooMuch("memory", machine_.address_space);
    }
    if (machine_.cgroups) {
      Warn(limits.position,
           "limits.memory bounds the address space of each process by itself, "
           "since no control group with the memory controller is at hand: the "
           "run as a whole may use more, and a program that reserves much "
           "(Java, Go, Node) may fail below it" +
               std::string(kHowToGetOne));
    }
    return Done{};
  }

  Status<> HoldProcesses() {
    const LimitsConfig& limits = config_.run.limits;
    if (!limits.processes) {
      return Done{};
    }
    if (spec_.cgroup == CgroupUse::kNever) {
      return Refuse(
          "limits.processes is held by a control group, which containment = "
          "\"session\" forbids: remove one of them");
    }
    spec_.cgroup = CgroupUse::kRequired;
    if (machine_.cgroups && !machine_.cgroups->pids) {
      return Refuse(
          "limits.processes needs a part of the cgroup v2 tree that the "
          "exporter may write, with the pids controller (systemd: "
          "Delegate=yes), and " +
          (*machine_.cgroups ? machine_.cgroups->path + " does not have it"
                             : machine_.cgroups->why_not) +
          kHowToGetOne + "; or remove it");
    }
    spec_.limits.processes = limits.processes;
    if (!machine_.cgroups) {
      Warn(limits.position,
           "whether there is a control group for limits.processes is known "
           "only where the service runs, and was not checked");
    }
    return Done{};
  }

  const CollectorConfig& config_;
  const MachineLimits& machine_;
  CommandSpec& spec_;
  std::vector<std::string> warnings_{};
};

}  // namespace

MachineLimits ThisMachine(const std::optional<CgroupHome>& cgroups) {
  MachineLimits machine;
  machine.cgroups = cgroups;
  machine.may_raise = MayRaiseLimits();
  machine.cpu_seconds = HardLimit(RLIMIT_CPU);
  machine.address_space = HardLimit(RLIMIT_AS);
  machine.open_files = HardLimit(RLIMIT_NOFILE);
  return machine;
}

Result<std::vector<std::string>> HoldLimits(const CollectorConfig& config,
                                            const MachineLimits& machine,
                                            CommandSpec& spec) {
  return LimitHolder(config, machine, spec).Hold();
}

}  // namespace command_exporter
