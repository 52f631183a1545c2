#include "collectors/commands/command_table_builder.hpp"

#include <map>
#include <set>
#include <utility>

#include "collectors/commands/environment.hpp"
#include "collectors/commands/limit_checks.hpp"
#include "collectors/instances.hpp"
#include "core/config/placeholders.hpp"
#include "core/process/system/user.hpp"

namespace command_exporter {
namespace {

Error At(const CollectorConfig& config, const std::string& message) {
  return Error{ToString(config.position) + ": collector \"" + config.name +
               "\": " + message};
}

// At the line of the key `user`, which may be one of [exporter.defaults] for
// many collectors.
Error AtUser(const CollectorConfig& config, const std::string& message) {
  return config.run.user.empty()
             ? At(config, message)
             : Error{ToString(config.run.user_position) + ": user: " + message};
}

class TableBuilder {
 public:
  TableBuilder(const Config& config, const TableContext& context)
      : config_(config),
        context_(context),
        machine_(ThisMachine(context.cgroups)) {}

  Result<CommandSpec> Build(const Instance& instance) {
    const CollectorConfig& config = config_.collectors[instance.collector];
    const auto user = RunUser(config);
    if (!user) {
      return user.error();
    }
    CommandSpec spec;
    spec.name = config.name;
    spec.argv = instance.argv;
    spec.cwd =
        config.run.cwd.empty()
            ? "/"
            : SubstitutePlaceholders(config.run.cwd, instance.substitutions);
    Environment environment = MakeEnvironment(config, instance.substitutions,
                                              *user, context_.environment);
    spec.environment = ToStrings(environment);
    if (config.run.stdin_text) {
      spec.stdin_text = SubstitutePlaceholders(*config.run.stdin_text,
                                               instance.substitutions);
    }
    if (Differs(*user)) {
      spec.ids =
          RunIds{.uid = user->uid, .gid = user->gid, .groups = user->groups};
    }
    if (config.pipe && !HasBash(config, *user, spec.ids)) {
      spec.argv = {"/bin/sh", "-c", config.shell};
    }
    spec.paths = ProgramPaths(spec.argv.front(), spec.cwd, environment["PATH"]);
    if (const Status<> allowed = CheckRights(config, *user); !allowed) {
      return At(config, allowed.error().message);
    }
    spec.umask = config.run.umask;
    spec.nice = config.run.nice;
    spec.grace = config.run.grace;
    const auto held = HoldLimits(config, machine_, spec);
    if (!held) {
      return held.error();
    }
    Warn(instance.collector, *held);
    return spec;
  }

 private:
  // Warns once for all instances of a collector.
  void Warn(std::size_t collector, const std::vector<std::string>& warnings) {
    if (!context_.warn || warned_ == collector) {
      return;
    }
    for (const std::string& warning : warnings) {
      context_.warn(warning);
      warned_ = collector;
    }
  }

  // Asked once for each user, who is warned of once for each collector.
  bool HasBash(const CollectorConfig& config, const UserIds& user,
               const std::optional<RunIds>& ids) {
    const auto [known, is_new] = bash_.emplace(user.name, true);
    if (is_new && context_.may_start) {
      CommandSpec bash;
      bash.argv = {kBash};
      bash.paths = {kBash};
      bash.ids = ids;
      known->second = context_.may_start(bash);
    }
    if (!known->second && context_.warn && without_bash_ != config.name) {
      without_bash_ = config.name;
      context_.warn(
          At(config,
             "user " + user.name + " cannot execute " + kBash +
                 ", so shell runs under /bin/sh, where only the last part of "
                 "a pipe can fail: text on standard error is a failure "
                 "instead (fail_on_stderr); install bash")
              .message);
    }
    return known->second;
  }

  Result<UserIds> RunUser(const CollectorConfig& config) {
    const std::string& name =
        config.run.user.empty() ? context_.default_user : config.run.user;
    auto known = users_.find(name);
    if (known == users_.end()) {
      known = users_.emplace(name, LookUp(name)).first;
    }
    return known->second ? known->second
                         : AtUser(config, known->second.error().message);
  }

  // The user by name, if commands can run as this user.
  Result<UserIds> LookUp(const std::string& name) const {
    auto user = name.empty() ? Result<UserIds>(current_) : LookUpUser(name);
    if (user && Differs(*user) && !MaySwitchUser()) {
      return Error{"cannot run as user \"" + name +
                   "\": the exporter runs as \"" + current_.name +
                   "\" and may not switch; start it as root, or remove `user`"};
    }
    return user;
  }

  bool Differs(const UserIds& user) const {
    return user.uid != current_.uid || user.gid != current_.gid ||
           (MaySwitchUser() && GroupSet(user) != GroupSet(current_));
  }

  static std::set<std::uint32_t> GroupSet(const UserIds& user) {
    return {user.groups.begin(), user.groups.end()};
  }

  // The allowed keys depend on the command's user and on our own.
  static Status<> CheckRights(const CollectorConfig& config,
                              const UserIds& user) {
    for (const ParameterConfig& parameter : config.parameters) {
      if (user.uid == 0 && parameter.values.empty()) {
        return Error{"parameter \"" + parameter.name +
                     "\" needs values: the command runs as root, and there a "
                     "list must say what a request may choose"};
      }
    }
    if (config.run.nice && !MaySetNice(*config.run.nice)) {
      return Error{"cannot set nice = " + std::to_string(*config.run.nice) +
                   ": that asks for more than the exporter has itself, which "
                   "needs root, CAP_SYS_NICE or a higher RLIMIT_NICE "
                   "(LimitNICE= of a systemd unit); remove nice"};
    }
    return Done{};
  }

  const Config& config_;
  const TableContext& context_;
  MachineLimits machine_;
  std::optional<std::size_t> warned_{};
  UserIds current_ = CurrentUser();
  std::map<std::string, bool> bash_;  // user: may execute it
  std::string without_bash_;          // the last collector warned of
  std::map<std::string, Result<UserIds>> users_;  // look-ups may be slow
};

}  // namespace

std::vector<std::string> PipesWithoutBash(const Config& config,
                                          const CommandTable& table) {
  std::vector<std::string> names;
  const std::vector<Instance> instances = ExpandInstances(config);
  for (std::size_t i = 0; i < instances.size(); ++i) {
    const CollectorConfig& collector =
        config.collectors[instances[i].collector];
    if (collector.pipe && table.commands[i].argv.front() != kBash &&
        (names.empty() || names.back() != collector.name)) {
      names.push_back(collector.name);
    }
  }
  return names;
}

Result<CommandTable, ConfigErrors> BuildCommandTable(
    const Config& config, const TableContext& context,
    std::uint32_t generation) {
  CommandTable table;
  table.generation = generation;
  TableBuilder builder(config, context);
  ConfigErrors errors;
  std::set<std::string> seen;  // the instances of a matrix fail alike
  for (const Instance& instance : ExpandInstances(config)) {
    auto spec = builder.Build(instance);
    if (spec) {
      table.commands.push_back(*std::move(spec));
    } else if (seen.insert(spec.error().message).second) {
      errors.lines.push_back(spec.error().message);
    }
  }
  if (!errors.lines.empty()) {
    return errors;
  }
  return table;
}

}  // namespace command_exporter
