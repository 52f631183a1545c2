"""python3 check.py PROGRAM [--cases N] [--seed S] [--first N]

Checks that the exporter's answer is valid for any output of the commands: reads
the answers of property_answers and gives each to the strict parsers of Debian's
python3-prometheus-client (text and OpenMetrics), and some to promtool. These do
not know quoted names: an answer with such names must equal, line by line, the
answer without them when each illegal character becomes a "_". A million cases
take some hours: --cases 1000000.

A failed case is printed with the command that repeats it.
"""

import argparse
import collections
import itertools
import re
import subprocess
import sys
import time

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

PARSERS = {"text": text_parser.text_string_to_metric_families,
           "openmetrics": openmetrics_parser.text_string_to_metric_families}
PROMTOOL_EVERY = 100
# promtool's exit status when it can read the text but criticises a name.
LINT = 3
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")
TEXT = r'"(?:[^"\\\n]|\\[\\n"])*"'
LABEL = rf'(?:[a-zA-Z_][a-zA-Z0-9_]*|{TEXT})={TEXT}'
LINE = re.compile(
    rf'# (?P<word>TYPE|HELP|UNIT) (?P<head>[a-zA-Z_:][a-zA-Z0-9_:]*|{TEXT})'
    r'(?P<rest> .*)|# EOF|'
    rf'(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)?'
    rf'(?:{{(?P<quoted>{TEXT})?,?(?P<labels>{LABEL}(?:,{LABEL})*)?}})?'
    r'(?P<value> [-+0-9.eInfNa]+)')


def frames(stream):
    while header := stream.readline():
        number, kind, size = header.split()
        yield int(number), kind.decode(), stream.read(int(size))


def plain(name, colon=""):
    """A name in the form for clients that do not accept quoted names."""
    if not name.startswith('"'):
        return name
    name = re.sub(r"\\(.)", lambda escape: escape[1].replace("n", "\n"),
                  name[1:-1])
    legal = re.sub(f"[^a-zA-Z0-9_{colon}]", "_", name)
    legal = re.sub("^[0-9]", "_", legal)
    if not name or legal == name:
        raise ValueError(f"{name!r} stands in quotes")
    return legal


def without_quotes(line):
    """A line of an answer, with the names for other clients."""
    found = LINE.fullmatch(line)
    if not found:
        raise ValueError(f"no line of an answer: {line!r}")
    if found["word"]:
        return f"# {found['word']} {plain(found['head'], ':')}{found['rest']}"
    if not found["value"]:
        return line
    if bool(found["name"]) == bool(found["quoted"]):
        raise ValueError(f"not one name: {line!r}")
    labels = ",".join(
        plain(label[1]) + "=" + label[2] for label in
        re.finditer(rf"([a-zA-Z0-9_]+|{TEXT})=({TEXT})",
                    found["labels"] or ""))
    return ((found["name"] or plain(found["quoted"], ":")) +
            (f"{{{labels}}}" if labels else "") + found["value"])


def utf8_fault(answer, before):
    """Why the answer with quoted names differs from the one before it."""
    try:
        lines = [without_quotes(line)
                 for line in answer.decode().split("\n")[:-1]]
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    for ours, other in itertools.zip_longest(
            lines, before.decode().split("\n")[:-1]):
        if ours != other:
            return f"{ours!r} is {other!r} in the answer without quotes"
    return ""


def fault(number, kind, answer, before):
    """Why the answer is not valid; empty if it is."""
    if kind == "fault":
        return answer.decode()
    if kind == "utf8":
        return utf8_fault(answer, before)
    try:
        text = answer.decode()
        names = [sample.name for family in PARSERS[kind](text)
                 for sample in family.samples]
    except (ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        return f"{type(error).__name__}: {error}"
    lines = [line for line in text.split("\n")
             if line and not line.startswith("#")]
    if len(lines) != len(names):
        return f"{len(lines)} lines of samples, but {len(names)} samples"
    bad = [name for name in names if not NAME.match(name)]
    if bad:
        return f"no names of metrics: {bad}"
    # Not by the parser's result: it reads a counter `jobs` as `jobs_total`.
    twice = [series for series, count in collections.Counter(
        line.rsplit(" ", 1)[0] for line in lines).items() if count > 1]
    if twice:
        return f"more than one sample of {twice}"
    if kind == "text" and number % PROMTOOL_EVERY == 0:
        done = subprocess.run(["promtool", "check", "metrics"], input=answer,
                              capture_output=True, check=False)
        if done.returncode not in (0, LINT):
            return "promtool: " + done.stderr.decode()
    return ""


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__.split("\n\n", maxsplit=1)[1])
    arguments.add_argument("program")
    arguments.add_argument("--cases", type=int, default=3000)
    arguments.add_argument("--seed", type=int, default=int(time.time()))
    arguments.add_argument("--first", type=int, default=0)
    given = arguments.parse_args()
    print(f"seed {given.seed}, {given.cases} cases", flush=True)
    faults, answers, quotes, size = 0, 0, 0, 0
    with subprocess.Popen(
            [given.program, str(given.seed), str(given.first),
             str(given.cases)], stdout=subprocess.PIPE) as maker:
        before = b""
        for number, kind, answer in frames(maker.stdout):
            answers += 1
            size += len(answer)
            quotes += kind == "utf8" and answer != before
            why = fault(number, kind, answer, before)
            before = answer
            if why:
                faults += 1
                print(f"case {number}, {kind}: {why}\n  again: "
                      f"{given.program} {given.seed} {number} 1 --show")
    print(f"{answers} answers, {quotes} of them with names in quotes, "
          f"{size} bytes, {faults} faults")
    complete = answers >= 4 * given.cases and maker.returncode == 0
    if not complete:
        print(f"the program ended with {maker.returncode} before its time")
    return 0 if complete and not faults else 1


if __name__ == "__main__":
    sys.exit(main())
