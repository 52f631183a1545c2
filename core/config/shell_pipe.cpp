#include "core/config/shell_pipe.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace command_exporter {
namespace {

enum class Inside : std::uint8_t {
  kCommands,
  kParentheses,  // ( ) or $( )
  kBackticks,
  kQuotes,      // " "
  kParameter,   // ${ }
  kArithmetic,  // $(( )), and parentheses in it
};

struct Level {
  Inside inside{};
  std::uint32_t cases{};  // open `case`s
  bool awaits_in{};       // a `case` whose `in` is to come
  bool in_pattern{};      // of the innermost `case`
  bool at_command{true};  // the next word is a command or reserved
};

// One pass, with a stack in place of the shell's recursion.
class PipeSearch {
 public:
  explicit PipeSearch(std::string_view text) : text_(text) {}

  bool Run() {
    while (at_ < text_.size() && !found_) {
      if (text_[at_] == '\\') {
        at_ += 2;
        level().at_command = false;
      } else if (!OpenAnywhere()) {
        Step();
      }
    }
    return found_;
  }

 private:
  Level& level() { return levels_.back(); }

  bool Take(std::string_view what) {
    const bool here = text_.substr(at_).starts_with(what);
    at_ += here ? what.size() : 0;
    return here;
  }

  bool Open(std::string_view what, Inside inside) {
    if (!Take(what)) {
      return false;
    }
    level().at_command = false;
    levels_.push_back({.inside = inside});
    return true;
  }

  // At most to the bottom, which stays.
  void Close() {
    if (levels_.size() > 1) {
      levels_.pop_back();
    }
  }

  // What begins in double quotes as well.
  bool OpenAnywhere() {
    if (level().inside == Inside::kBackticks && Take("`")) {
      Close();
      return true;
    }
    return Open("$((", Inside::kArithmetic) ||
           Open("$(", Inside::kParentheses) || Open("${", Inside::kParameter) ||
           Open("`", Inside::kBackticks);
  }

  void Step() {
    switch (level().inside) {
      case Inside::kQuotes:
        TakeOrClose("\"");
        break;
      case Inside::kParameter:
        if (!OpenQuotes()) {
          TakeOrClose("}");
        }
        break;
      case Inside::kArithmetic:
        if (Take("(")) {
          levels_.push_back({.inside = Inside::kParentheses,
                             .in_pattern = true,
                             .at_command = false});
        } else {
          TakeOrClose("))");
        }
        break;
      default:
        StepInCommands();
    }
  }

  void TakeOrClose(std::string_view end) {
    if (Take(end)) {
      Close();
    } else {
      ++at_;
    }
  }

  bool OpenQuotes() {
    if (Take("'")) {
      at_ = std::min(text_.find('\'', at_), text_.size() - 1) + 1;
      level().at_command = false;
      return true;
    }
    return Open("\"", Inside::kQuotes);
  }

  void StepInCommands() {
    if (OpenQuotes()) {
      return;
    }
    if (Take("|")) {
      const bool is_or = Take("|");
      found_ = !is_or && !level().in_pattern;
      level().at_command = true;
    } else if (Take(";;")) {
      level().in_pattern = level().cases > 0;
      level().at_command = true;
    } else if (Take(">|")) {
      level().at_command = false;
    } else if (Take("(")) {
      if (!level().in_pattern) {
        levels_.push_back({.inside = Inside::kParentheses});
      }
    } else if (Take(")")) {
      CloseParenthesis();
    } else if (Take(";") || Take("&") || Take("\n")) {
      level().at_command = true;
    } else if (!Take(" ") && !Take("\t") && !Take("<") && !Take(">")) {
      TakeWord();
    }
  }

  // Of parentheses, or behind a pattern of `case`.
  void CloseParenthesis() {
    if (level().in_pattern && level().cases > 0) {
      level().in_pattern = false;
      level().at_command = true;
    } else if (level().inside == Inside::kParentheses) {
      Close();
    }
  }

  void TakeWord() {
    if (text_[at_] == '#' && !InWord()) {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    const std::size_t end = std::min(
        text_.find_first_of(" \t\n;&|<>()'\"`$\\", at_ + 1), text_.size());
    const std::string_view word = text_.substr(at_, end - at_);
    const bool whole = !InWord();
    at_ = end;
    if (whole) {
      Understand(word);
    } else {
      level().at_command = false;
    }
  }

  bool InWord() const {
    constexpr std::string_view kBetween = " \t\n;&|<>()`";
    return at_ > 0 && kBetween.find(text_[at_ - 1]) == std::string_view::npos;
  }

  void Understand(std::string_view word) {
    constexpr std::array<std::string_view, 10> kBeforeCommand = {
        "then", "do", "else", "elif", "if", "while", "until", "!", "{", "time"};
    Level& here = level();
    const bool reserved = here.at_command || here.in_pattern;
    if (word == "in" && here.awaits_in) {
      here.awaits_in = false;
      ++here.cases;
      here.in_pattern = true;
    } else if (word == "esac" && here.cases > 0 && reserved) {
      --here.cases;
      here.in_pattern = false;
      here.at_command = false;
    } else if (word == "case" && here.at_command && !here.in_pattern) {
      here.awaits_in = true;
      here.at_command = false;
    } else {
      here.at_command =
          here.at_command &&
          std::ranges::find(kBeforeCommand, word) != kBeforeCommand.end();
    }
  }

  std::string_view text_;
  std::size_t at_{};
  bool found_{};
  std::vector<Level> levels_{Level{}};
};

}  // namespace

bool HasPipe(std::string_view shell) {
  return PipeSearch(shell).Run();
}

void UsePlainShell(CollectorConfig& collector) {
  collector.pipe = false;
  collector.run.success_exit_codes.early_end = false;
  collector.run.success_exit_codes.no_match = false;
  collector.run.fail_on_stderr = collector.run.fail_on_stderr.value_or(true);
}

}  // namespace command_exporter
