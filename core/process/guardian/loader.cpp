#include "core/process/guardian/loader.hpp"

#include <sys/wait.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>

#include "core/base/duration.hpp"
#include "core/process/guardian/guardian_setup.hpp"
#include "core/process/ipc/message_rules.hpp"
#include "core/process/ipc/sealed_file.hpp"

namespace command_exporter {
namespace {

// A process that has closed its descriptors soon becomes a zombie.
constexpr std::chrono::milliseconds kExitDelay{500};
constexpr std::chrono::milliseconds kPause{1};

int SendErrors(Channel& channel, std::uint32_t generation,
               const std::string& errors) {
  auto sealed = SealText("ce-errors", errors);
  std::vector<UniqueFd> fds;
  if (sealed) {
    fds.push_back(*std::move(sealed));
  }
  channel.Send(GenerationMessage{MessageKind::kReloadFailed, generation},
               std::move(fds));
  return EXIT_FAILURE;
}

Result<LoadedConfig> Load(const GuardianOptions& options,
                          std::uint32_t generation, const UniqueFd& running) {
  auto loaded = options.load(generation);
  if (!loaded || !running || !options.may_replace) {
    return loaded;
  }
  const auto text = ReadSealedText(running.get());
  if (!text) {
    return text.error();
  }
  if (const auto may = options.may_replace(*loaded, *text); !may) {
    return may.error();
  }
  return loaded;
}

// Runs in the loader.
int LoadAndSend(const GuardianOptions& options, std::uint32_t generation,
                const UniqueFd& running, UniqueFd socket) {
  Channel channel(std::move(socket));
  auto loaded = Load(options, generation, running);
  if (!loaded) {
    return SendErrors(channel, generation, loaded.error().message);
  }
  auto table = SealText("ce-commands", loaded->table);
  if (!table) {
    return SendErrors(channel, generation, table.error().message);
  }
  auto text = SealText("ce-config", loaded->text);
  if (!text) {
    return SendErrors(channel, generation, text.error().message);
  }
  std::vector<UniqueFd> fds;
  fds.push_back(*std::move(table));
  fds.push_back(*std::move(text));
  channel.Send(GenerationMessage{MessageKind::kGeneration, generation},
               std::move(fds));
  return EXIT_SUCCESS;
}

}  // namespace

Status<> Loader::Start(const Work& work, GuardianChildren& children,
                       const std::function<void()>& close_others) {
  auto pair = MakeChannelPair();
  if (!pair) {
    return pair.error();
  }
  auto child = ForkChild(ChildRole::kLoader, [&] {
    pair->first.Reset();
    const UniqueFd running =
        work.running ? Duplicate(work.running) : UniqueFd{};
    close_others();
    return LoadAndSend(work.options, work.generation, running,
                       std::move(pair->second));
  });
  if (!child) {
    return child.error();
  }
  children.Adopt(*child);
  pid_ = *child;
  generation_ = work.generation;
  channel_ = Channel(std::move(pair->first));
  deadline_ = Deadline::After(longest_);
  return Done{};
}

std::optional<Result<LoadedFiles>> Loader::Poll(GuardianChildren& children) {
  if (!running()) {
    return std::nullopt;
  }
  Packet packet;
  std::optional<Result<LoadedFiles>> answer;
  switch (channel_.Receive(packet)) {
    case ReceiveState::kPacket:
      answer = Answer(packet);
      break;
    case ReceiveState::kClosed:
      answer = EndedWithoutAnswer(children);
      break;
    case ReceiveState::kEmpty:
      if (!deadline_.Passed()) {
        return std::nullopt;
      }
      children.Kill(pid_);
      answer = Error{
          "reading the configuration took longer than " +
          FormatDuration(longest_) +
          " and was given up; is a file or an include on a mount that does "
          "not answer?"};
      break;
  }
  channel_.Close();
  children.Kill(pid_);  // it is done, but might be stopped
  children.Forget(pid_);
  return answer;
}

Result<LoadedFiles> Loader::Answer(Packet& packet) const {
  const auto message = packet.As<GenerationMessage>();
  if (!MessageRules(Direction::kLoaderToGuardian).Accept(packet) ||
      message->generation != generation_) {
    return Error{
        "the process that reads the configuration gave an answer that makes "
        "no sense; the program may have been damaged: restart it"};
  }
  if (message->kind == MessageKind::kGeneration && !packet.fds.empty()) {
    return LoadedFiles{generation_, std::move(packet.fds[0]),
                       std::move(packet.fds[1])};
  }
  if (!packet.fds.empty()) {
    auto errors = ReadSealedText(packet.fds[0].get());
    return errors ? Error{*std::move(errors)} : errors.error();
  }
  return Error{
      "the configuration was read but could not be handed on: no free file "
      "descriptor or no memory"};
}

// Waits a moment for the status, so that the error can name it.
Error Loader::EndedWithoutAnswer(GuardianChildren& children) const {
  const auto until = Deadline::After(kExitDelay);
  std::optional<int> status;
  for (;;) {
    children.Reap();
    status = children.TakeStatus(pid_);
    if (status || until.Passed()) {
      break;
    }
    std::this_thread::sleep_for(kPause);
  }
  std::string how = "for a reason unknown";
  if (status && WIFSIGNALED(*status)) {
    how = "by signal " + std::to_string(WTERMSIG(*status));
  } else if (status && WIFEXITED(*status)) {
    how = "with status " + std::to_string(WEXITSTATUS(*status));
  }
  return Error{"the process that reads the configuration ended " + how +
               " before it had an answer"};
}

}  // namespace command_exporter
