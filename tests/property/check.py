"""python3 check.py PROGRAM [--cases N] [--seed S] [--first N]

The exporter's answer is valid whatever the commands print: reads the answers
that property_answers makes and gives each to the strict parsers of Debian's
python3-prometheus-client (text and OpenMetrics), and some to promtool. A million
cases take some hours: --cases 1000000.

A case that fails is named with the command that shows it again.
"""

import argparse
import collections
import re
import subprocess
import sys
import time

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

PARSERS = {"text": text_parser.text_string_to_metric_families,
           "openmetrics": openmetrics_parser.text_string_to_metric_families}
PROMTOOL_EVERY = 100
# promtool's exit status when it can read the text but does not like a name.
LINT = 3
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*\Z")


def frames(stream):
    while header := stream.readline():
        number, kind, size = header.split()
        yield int(number), kind.decode(), stream.read(int(size))


def fault(number, kind, answer):
    """Why the answer is not valid; empty when it is."""
    if kind == "differs":
        return "the second scrape of the same outputs gave other samples"
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
    # Not by the parser's word: it reads a counter `jobs` as `jobs_total`.
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
    faults, answers, size = 0, 0, 0
    with subprocess.Popen(
            [given.program, str(given.seed), str(given.first),
             str(given.cases)], stdout=subprocess.PIPE) as maker:
        for number, kind, answer in frames(maker.stdout):
            answers += 1
            size += len(answer)
            why = fault(number, kind, answer)
            if why:
                faults += 1
                print(f"case {number}, {kind}: {why}\n  again: "
                      f"{given.program} {given.seed} {number} 1 --show")
    print(f"{answers} answers, {size} bytes, {faults} faults")
    complete = answers >= 2 * given.cases and maker.returncode == 0
    if not complete:
        print(f"the program ended with {maker.returncode} before its time")
    return 0 if complete and not faults else 1


if __name__ == "__main__":
    sys.exit(main())
