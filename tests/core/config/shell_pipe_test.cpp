// Which command lines have a pipe, and what that changes.
#include "core/config/shell_pipe.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace command_exporter {
namespace {

TEST_CASE("a pipe is found wherever the shell would make one") {
  for (const char* const shell : {"a | b",
                                  "a|b",
                                  "a |& b",
                                  "a || b | c",
                                  "a && b | c",
                                  "a; b | c",
                                  "a\nb | c",
                                  "(a | b)",
                                  "{ a | b; }",
                                  "x=$(a | b)",
                                  "echo \"$(a | b)\"",
                                  "echo `a | b`",
                                  "echo \"`a | b`\"",
                                  "echo \"${x:-$(a | b)}\"",
                                  "if a; then b | c; fi",
                                  "case $x in a) b | c ;; esac",
                                  "case $x in a|b) c ;; esac; d | e",
                                  "case $x in (a|b) c | d ;; esac",
                                  "case \"$(a | b)\" in c) d ;; esac",
                                  "a 2>&1 | b",
                                  "a >x| b",
                                  "echo case in a | b",
                                  "echo \\\\| b",
                                  "a 'x'\\''y' | b",
                                  "echo $((1 + 2)) | b",
                                  "echo a#b | c",
                                  "echo ${#x} | c",
                                  "a \\\n | b",
                                  "cat <<EOF\ndon't\nEOF\na | b",
                                  "cat <<-EOF >x\n\t5\"\n\tEOF\na | b",
                                  "cat <<EOF | b\nx\nEOF",
                                  "cat <<EOF\n$(a | b)\nEOF",
                                  "echo \"${x:-don't}\"; a | b",
                                  "echo \"${x:-${y:-don't}}\"; a | b",
                                  "printf %s a\\ #b | c",
                                  "awk '{print $1}' | wc -l"}) {
    INFO(shell);
    CHECK(FindPipes(shell).has_pipe);
  }
}

TEST_CASE("a bar that the shell reads as something else is no pipe") {
  for (const char* const shell :
       {"",
        "a",
        "a || b",
        "echo '|'",
        "echo \"a|b\"",
        "echo \\|",
        "a # b | c",
        "# a | b\nc",
        "a >| b",
        "grep -E 'a|b' \"$x\"",
        "echo $((1|2))",
        "echo $(( (1|2) ))",
        "case $x in a|b) c ;; esac",
        "case $x in (a|b) c ;; d|e) f ;; esac",
        "case $x in a|b) case $y in c|d) e ;; esac ;; f|g) h ;; esac",
        "if a; then case $x in b|c) d;; esac; fi",
        "echo ${x:-a|b}",
        "echo \"${x:-'a|b'}\"",
        "awk '/a|b/ { n++ } END { print n }' x",
        "cat <<EOF\na | b\nEOF\nc",
        "cat <<'EOF'\n$(a | b)\nEOF",

        "cat <<EOF\na | b",
        "cat <<< 'a|b'",
        "echo \"a",
        "echo 'a | b",
        "echo `",
        "$(",
        "\\",
        ")",
        "}",
        "case"}) {
    INFO(shell);
    CHECK_FALSE(FindPipes(shell).has_pipe);
  }
}

TEST_CASE("a pipe is tested where its status decides what comes next") {
  for (const char* const shell :
       {"if a | b; then c; fi", "a | b && c", "a | b || c", "! a | b",
        "while a | b; do c; done", "until a | b; do c; done",
        "if a; then b; elif c | d; then e; fi", "(a | b) && c",
        "if (a | b); then c; fi", "if ! a | b; then c; fi", "a; b | c && d",
        "if a; b | c; then d; fi", "x=$(a | b && c)"}) {
    INFO(shell);
    CHECK(FindPipes(shell).has_pipe);
    CHECK(FindPipes(shell).tests_status);
  }
  for (const char* const shell :
       {"a | b", "a && b | c", "a || b | c", "if a; then b | c; fi",
        "if a; then b; else c | d; fi", "while a; do b | c; done",
        "a | while read x; do b; done", "a | b; c && d", "a | b\nc || d",
        "{ a || true; } | b", "(a | b); c", "x=$(a | b); c && d",
        "echo 'a | b' && c", "! a; b | c"}) {
    INFO(shell);
    CHECK_FALSE(FindPipes(shell).tests_status);
  }
}

TEST_CASE("a line with exit or set may end before its last pipe") {
  CHECK(FindPipes("set -e; a | b").ends_early);
  CHECK(FindPipes("a | b; exit 1").ends_early);
  CHECK(FindPipes("a | b || exit 1").ends_early);
  CHECK_FALSE(FindPipes("a | b").ends_early);
  CHECK_FALSE(FindPipes("echo exit set | b").ends_early);
}

TEST_CASE("without bash, text on standard error fails a pipe") {
  CollectorConfig collector;
  collector.pipe = true;
  collector.run.success_exit_codes.early_end = true;
  collector.run.success_exit_codes.no_match = true;
  SECTION("unless the file says otherwise") {
    collector.run.fail_on_stderr = false;
    UsePlainShell(collector);
    CHECK(collector.run.fail_on_stderr == false);
  }
  SECTION("by default") {
    UsePlainShell(collector);
    CHECK(collector.run.fail_on_stderr == true);
  }
  CHECK_FALSE(collector.pipe);
  CHECK_FALSE(collector.run.success_exit_codes.early_end);
  CHECK_FALSE(collector.run.success_exit_codes.no_match);
}

}  // namespace
}  // namespace command_exporter
