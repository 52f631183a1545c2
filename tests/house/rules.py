"""The rules of the house that can be checked on the text.

Each rule is a function of a tree's root that yields one line for each breach:
`file:line: what is wrong, and how to fix it`. RULES at the end lists them all;
broken.py has a tree that breaks each of them.
"""
import fnmatch
import os
import re
import subprocess
import tempfile

from case_rules import hostile_cases, test_names
from class_rules import classes
from layer_rules import circles, layers
from skip_rules import skips
from tree import GENERATED, PRODUCT, SOURCE, files, includes, lines

TEXT = SOURCE + (".py", ".sh", ".cmake", ".txt", ".md", ".toml", ".json",
                 ".service", ".in")

def include_paths(root):
    """A quoted include names a header of the tree by its full path."""
    for path in files(root, *SOURCE):
        for number, quote, name in includes(root, path):
            if quote != '"' or name == GENERATED:
                continue
            if os.path.normpath(name) != name:
                yield f"{path}:{number}: {name} is written in a roundabout way"
            elif not os.path.isfile(os.path.join(root, name)):
                yield f"{path}:{number}: no file {name} from the tree's root"
            elif not name.endswith(".hpp"):
                yield f"{path}:{number}: {name} is no header (.hpp)"


# The few files that may include a library.
DOORS = {
    "spdlog/": ["core/base/log*.cpp"],
    "re2/": ["core/base/pattern.cpp"],
    "jq.h": ["core/jq/jq_state.hpp"],
    "toml++/": ["core/config/toml/*.cpp"],
    "civetweb.h": ["core/web/server*.cpp"],
    "CLI/": ["core/cli/*.cpp"],
    "zlib.h": ["core/web/*.cpp"],
    "prometheus/": ["core/metrics/*", "core/scrape/*", "core/web/*",
                    "core/service/*", "collectors/*"],
}
SYSTEM = re.compile(r"[a-z_0-9]+(\.h)?$|(sys|linux|arpa|net|netinet|asm)/")


def libraries(root):
    """Each library is included by few files, and most never in a header."""
    for path in files(root, *SOURCE, under=PRODUCT):
        for number, quote, name in includes(root, path):
            if quote == '"':
                continue
            door = next((door for door in DOORS if name.startswith(door)), None)
            if door is None:
                if not SYSTEM.match(name):
                    yield f"{path}:{number}: <{name}> has no door in rules.py"
            elif not any(fnmatch.fnmatch(path, home) for home in DOORS[door]):
                yield (f"{path}:{number}: <{name}> belongs in "
                       + " or ".join(DOORS[door]))


def header_comments(root):
    """A header opens with what it is, why so, and its thread safety."""
    for path in files(root, ".hpp", ".hpp.in"):
        opening = []
        for line in lines(root, path):
            if not line.startswith("//"):
                break
            opening.append(line)
        if not opening:
            yield f"{path}:1: a header opens with a comment: what it is, why so"
        elif path.startswith(PRODUCT) and not any(
                "Thread safety:" in line for line in opening):
            yield f"{path}:1: the opening comment lacks 'Thread safety:'"


def include_guards(root):
    """The guard is the path, so that two headers never share one."""
    for path in files(root, ".hpp"):
        guard = "COMMAND_EXPORTER_" + re.sub(r"[/.]", "_", path).upper() + "_"
        text = lines(root, path)
        if f"#ifndef {guard}" not in text or f"#define {guard}" not in text:
            yield f"{path}:1: the include guard must be {guard}"


def file_length(root):
    """One idea for each file."""
    for path in files(root, *SOURCE, ".py", ".sh", ".cmake", "CMakeLists.txt"):
        length = len(lines(root, path)) - 1
        if length > 350:
            yield f"{path}:351: {length} lines; at most 350: split it"


# Written in two halves, so that this file does not break its own rule.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|SCAF" r"FOLD)\b"
                        r"|[Nn]ot imple" r"mented")


def unfinished(root):
    """Unfinished work is an issue, not a comment."""
    for path in files(root, *TEXT):
        for number, line in enumerate(lines(root, path), 1):
            match = UNFINISHED.search(line)
            if match:
                yield f"{path}:{number}: {match[0]}: finish it or remove it"


def blanks(root):
    """No trailing blank, tab or carriage return; one newline at the end."""
    for path in files(root, *TEXT, "LICENSE"):
        if "/fixtures/" in path:  # exact outputs of commands
            continue
        text = lines(root, path)
        for number, line in enumerate(text, 1):
            if line != line.rstrip():
                yield f"{path}:{number}: a blank at the end of the line"
            if "\t" in line:
                yield f"{path}:{number}: a tab"
        if text[-1] != "" or text[-2:] == ["", ""]:
            yield f"{path}:{len(text)}: must end with exactly one newline"


LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def documents(root):
    """Each folder of sources is on the map; links within the tree are valid."""
    architecture = "docs/architecture.md"
    text = "\n".join(lines(root, architecture))
    for folder in sorted({os.path.dirname(path) for path in
                          files(root, *SOURCE, under=("core/", "collectors/"))}):
        if folder + "/" not in text and f"`{folder}`" not in text:
            yield f"{architecture}:1: does not mention {folder}/"
    for path in files(root, ".md"):
        for number, line in enumerate(lines(root, path), 1):
            for target in LINK.findall(line):
                if re.match(r"[a-z]+:", target):
                    continue
                if not os.path.exists(os.path.join(
                        root, os.path.dirname(path), target)):
                    yield f"{path}:{number}: no such file: {target}"


# Only docs/architecture.md says how many processes the exporter has.
COUNT = re.compile(r"\b(two|three|four|five|six) processes\b", re.I)
COUNTING = ("README.md", "SECURITY.md", "CONTRIBUTING.md", "exporter.toml")


def process_counts(root):
    """No document counts the exporter's processes: the figures would differ."""
    for path in files(root, ".md", ".toml"):
        if path not in COUNTING and not path.startswith("docs/"):
            continue
        for number, line in enumerate(lines(root, path), 1):
            match = COUNT.search(line)
            if match and path != "docs/hostile-cases.md":
                yield (f"{path}:{number}: {match[0]}: refer to the list of "
                       "processes in docs/architecture.md")


# Who may ask for the date: for the log, a header, a metric, a command, and to
# compare it with that of a file.
DATES = ("core/base/log*", "core/config/files/file_states.cpp",
         "core/service/reload_status.cpp",
         "core/process/launcher/run_command.cpp",
         "core/scrape/collector_state.cpp", "core/web/server_answer.cpp")
WALL_CLOCK = re.compile(
    r"\b(system_clock|high_resolution_clock|CLOCK_REALTIME(_COARSE)?"
    r"|gettimeofday|timespec_get|std::time|cond_timedwait|sem_timedwait"
    r"|mutex_timedlock)\b|::time\(")


def wall_clock(root):
    """A step of the wall clock changes no deadline: time is measured on the
    monotonic clock, and the date is read only where it is shown."""
    for path in files(root, *SOURCE, under=PRODUCT):
        if any(fnmatch.fnmatch(path, home) for home in DATES):
            continue
        for number, line in enumerate(lines(root, path), 1):
            match = WALL_CLOCK.search(line)
            if match:
                yield (f"{path}:{number}: {match[0]} is the wall clock: use "
                       "Clock (core/base/deadline.hpp), or add to DATES")


UNIT = "packaging/systemd/command-exporter.service"


def unit(root):
    """systemd accepts the unit. Its program need not be installed for this."""
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, os.path.basename(UNIT))
        text = "\n".join(lines(root, UNIT))
        with open(copy, "w", encoding="utf-8") as file:
            file.write(re.sub(r"(?m)^(ExecStart=)\S+", r"\1/bin/true", text))
        run = subprocess.run(["systemd-analyze", "verify", "--man=no", copy],
                             capture_output=True, text=True, check=False)
        for line in run.stderr.splitlines():
            if copy in line or "command-exporter" in line:
                yield line.replace(copy, UNIT)


RULES = {rule.__name__: rule for rule in (
    layers, circles, classes, include_paths, libraries, header_comments, include_guards,
    file_length, unfinished, blanks, documents, process_counts, wall_clock,
    unit, skips,
    hostile_cases, test_names)}
