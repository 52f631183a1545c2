#!/usr/bin/env python3
r"""The measurements of the project.

    cmake --build build/release --target benchmark_engine benchmark_exposition \
        benchmark_formats command_exporter
    python3 tests/benchmark/run.py build/release [NAME...] [--rounds 15]
                                   [--scrapes 10000]

Without a NAME, all of them:

    scrape     100 x /bin/true: CPU and wall of the engine and of a whole scrape
               over HTTP, against a bare vfork loop; added latency of one command
    start      from the start to the first answered scrape
    memory     of all processes, idle
    precision  how late TERM comes after a deadline, KILL after the grace
    daemons    until 100 daemons of a run are gone
    tree       until 5,000 processes below one that does not die are gone
    output     the launcher's peak memory after 50 x 1 MB of output
    direct     CPU of `free -m` against that of `sh -c 'free -m'`
    flat       memory after many scrapes (1,000, or --scrapes) and reloads
    exposition CPU from an output to the answer, stage by stage
    large      CPU and memory of the web side for such an output, sockets
               and threads included
    formats    CPU a line of each other format, from an output to families
    schedules  requests and CPU of answers with scheduled collectors, beside
               node_exporter; memory of a result; wake-ups
    clients    a scrape while 350 slow clients hold connections

Ratios are measured in rounds: each round measures all compared programs in
sequence, so that they run on the machine in the same state; the ratios are
taken round by round. A line has the median, the smallest and the largest, and
the goal. Processor time is the kernel's own count for a finished process and
all children that it has waited for (wait4(2)). On a busy machine use the
smallest.
"""

import argparse
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from exporter import (PROGRAM, Exporter, engine_round, run_and_account,  # noqa
                      show, write_config)
from exposition import exposition, formats, large  # noqa
from promise import (clients, daemons, direct, flat, output, precision,  # noqa
                     tree)
from schedules import schedules  # noqa

COMMANDS = 100
BURSTS = 5
NOT_HERE = 77  # exit status of a mode that this machine lacks


def scrape_round(program, config):
    """CPU and median wall of one scrape of COMMANDS collectors."""
    exporter = Exporter(program, config)
    walls = [exporter.scrape()[1] for _ in range(BURSTS)]
    cpu = exporter.stop()
    idle = Exporter(program, config)
    idle_cpu = idle.stop()
    return (cpu - idle_cpu) / BURSTS, statistics.median(walls)


def latency(bench, mode):
    """Median wall of one command alone, in microseconds."""
    walls, _ = run_and_account([bench, mode, 200, 1, PROGRAM])
    return statistics.median(float(line) for line in walls.split()) * 1e3


def has_cgroups(bench):
    """Whether runs can have control groups here; if not, the program says why."""
    done = subprocess.run([str(bench), "cgroup", "0", "1", PROGRAM],
                          check=False)
    if done.returncode not in (0, NOT_HERE):
        sys.exit(f"{bench} cgroup ended with {done.returncode}")
    return done.returncode == 0


def scrape(options, folder):
    rows = {name: [] for name in ("floor", "engine", "cgroup", "scrape")}
    modes = ["floor", "engine"] + ["cgroup"] * has_cgroups(options.bench)
    added = []
    hundred = write_config(folder, "hundred.toml", [[PROGRAM]] * COMMANDS)
    for _ in range(options.rounds):
        for mode in modes:
            rows[mode].append(engine_round(options.bench, mode, BURSTS,
                                           COMMANDS, [PROGRAM]))
        rows["scrape"].append(scrape_round(options.program, hundred))
        added.append(latency(options.bench, "engine") -
                     latency(options.bench, "floor"))

    def ratio(name, column):
        return [row[column] / floor[column]
                for row, floor in zip(rows[name], rows["floor"])]

    show("floor: CPU", [r[0] * 1e3 for r in rows["floor"]], "ms")
    show("floor: wall", [r[1] * 1e3 for r in rows["floor"]], "ms")
    show("engine / floor: CPU", ratio("engine", 0), "x", "1.10")
    show("engine / floor: wall", ratio("engine", 1), "x", "1.00")
    if "cgroup" in modes:
        show("engine with cgroups / floor: CPU", ratio("cgroup", 0), "x",
             "1.20")
        show("engine with cgroups / floor: wall", ratio("cgroup", 1), "x")
    show("scrape over HTTP / floor: CPU", ratio("scrape", 0), "x", "1.15")
    show("scrape over HTTP / floor: wall", ratio("scrape", 1), "x")
    show("added latency of one command", added, "us", "100")


def start(options, folder):
    none = write_config(folder, "none.toml", [])
    seconds = []
    for _ in range(options.rounds):
        exporter = Exporter(options.program, none)
        exporter.scrape()
        seconds.append(time.monotonic() - exporter.started)
        exporter.stop()
    show("start to first answered scrape", [s * 1e3 for s in seconds], "ms",
         "100")


def memory(options, folder):
    exporter = Exporter(options.program, write_config(
        folder, "hundred.toml", [[PROGRAM]] * COMMANDS))
    exporter.scrape()
    time.sleep(1)
    try:
        sizes = exporter.sizes()
    except PermissionError:
        print("idle PSS: not measured: only root may read it")
        return
    finally:
        exporter.stop()
    for name, size in sizes.items():
        show(f"idle PSS of {name}", [size], "MB")
    show("idle PSS of all", [sum(sizes.values())], "MB", "16")


FIGURES = {figure.__name__: figure for figure in (
    scrape, start, memory, precision, daemons, tree, output, direct, flat,
    clients, schedules, exposition, large, formats)}


def main():
    arguments = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("name", nargs="*", choices=[*FIGURES, []])
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--scrapes", type=int, default=1000)
    options = arguments.parse_args()
    options.bench = options.build / "tests/benchmark_engine"
    options.program = options.build / "command_exporter"
    print(f"{COMMANDS} x {PROGRAM}, {options.rounds} rounds, "
          "median [smallest .. largest]")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name in options.name or FIGURES:
            FIGURES[name](options, folder)


if __name__ == "__main__":
    main()
