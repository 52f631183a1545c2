#!/usr/bin/env python3
r"""The figures of the project, as ratios within one run.

    cmake --build build/release --target benchmark_engine benchmark_exposition \
        command_exporter
    python3 tests/benchmark/run.py build/release [--rounds 15]
    python3 tests/benchmark/run.py build/release --only exposition

Every round measures floor, engine and scrape one after the other, so that all
of them meet the same machine; the ratios are taken round by round, and their
median is printed with the smallest and largest. Processor time is the kernel's
own count for a finished process and all that it has waited for (wait4(2)).
"""

import argparse
import os
import pathlib
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

COMMANDS = 100
BURSTS = 5
PROGRAM = "/bin/true"
STAGES = ("read", "parse", "merge", "write")


def run_and_account(argv):
    """Runs argv; returns (its output, CPU seconds of it and its children)."""
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{argv} ended with {process.returncode}")
    return output, usage.ru_utime + usage.ru_stime


def engine_round(binary, mode):
    """CPU and median wall of one burst of COMMANDS, start-up subtracted."""
    argv = [str(binary), mode, str(BURSTS), str(COMMANDS), PROGRAM]
    output, cpu = run_and_account(argv)
    _, idle = run_and_account(argv[:2] + ["0"] + argv[3:])
    walls = [float(line) / 1e3 for line in output.split()]
    return (cpu - idle) / BURSTS, statistics.median(walls)


class Exporter:
    """The real program, on a free port of the loopback."""

    def __init__(self, program, config):
        self.log = tempfile.TemporaryFile("w+")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [str(program), f"--config.file={config}",
             "--web.listen-address=127.0.0.1:0"], stderr=self.log)
        self.url = f"http://{self.wait_for_address()}/metrics"

    def wait_for_address(self):
        while time.monotonic() - self.started < 20:
            self.log.seek(0)
            found = re.search(r'Listening on.*address="?([0-9.:]+)',
                              self.log.read())
            if found:
                return found[1]
            time.sleep(0.001)
        sys.exit("the exporter did not start")

    def scrape(self):
        start = time.monotonic()
        with urllib.request.urlopen(self.url, timeout=20) as answer:
            body = answer.read().decode()
        return body, time.monotonic() - start

    def pids(self):
        children = pathlib.Path(
            f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [self.process.pid] + [int(p) for p in
                                     children.read_text().split()]

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime


def write_config(folder, name, collectors):
    path = pathlib.Path(folder) / name
    path.write_text("".join(
        f'[[collector]]\nname = "c{i}"\ncommand = ["{PROGRAM}"]\n'
        'format = "prometheus"\n' for i in range(collectors)))
    return path


def scrape_round(program, config):
    """CPU and median wall of one scrape of COMMANDS collectors."""
    exporter = Exporter(program, config)
    walls = [exporter.scrape()[1] for _ in range(BURSTS)]
    cpu = exporter.stop()
    idle = Exporter(program, config)
    idle_cpu = idle.stop()
    return (cpu - idle_cpu) / BURSTS, statistics.median(walls)


def start_to_first_scrape(program, config):
    exporter = Exporter(program, config)
    exporter.scrape()
    seconds = time.monotonic() - exporter.started
    exporter.stop()
    return seconds


def proportional_set_sizes(program, config):
    """PSS in MB by role, idle after one scrape."""
    exporter = Exporter(program, config)
    exporter.scrape()
    time.sleep(1)
    sizes = []
    for pid in exporter.pids():
        rollup = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
        name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip()
        kilobytes = int(re.search(r"^Pss:\s+(\d+)", rollup, re.M)[1])
        sizes.append((f"{name}[{pid}]", kilobytes / 1024))
    exporter.stop()
    return sizes


def show(what, values, unit, goal=""):
    print(f"{what:46} {statistics.median(values):9.3f} {unit:3}"
          f"  [{min(values):.3f} .. {max(values):.3f}]  {goal}", flush=True)


def latency(binary):
    """Median wall of one command alone, in microseconds."""
    output, _ = run_and_account([str(binary[0]), binary[1], "200", "1",
                                 PROGRAM])
    return statistics.median(float(line) for line in output.split()) * 1e3


def exposition(binary, samples):
    """Figures of the path from an output of so many samples to the answer."""
    rounds = 9 if samples <= 100_000 else 3
    output, _ = run_and_account([str(binary), str(samples), str(rounds)])
    return {name: float(value) for name, value in
            (line.split() for line in output.splitlines())}


def show_expositions(binary):
    print("CPU a sample with 3 labels in ns, from output to answer, by stage")
    print(f"{'samples':>9} " + " ".join(f"{stage:>7}" for stage in STAGES) +
          f" {'sum':>7} {'freeing':>8} {'gzip':>7} {'peak MB':>8}")
    for samples in (10, 1_000, 100_000, 1_000_000):
        found = exposition(binary, samples)
        costs = [found[f"{stage}_ns"] for stage in STAGES]
        goal = "   goal: sum 570, peak 150" if samples == 100_000 else ""
        print(f"{samples:9} " + " ".join(f"{cost:7.0f}" for cost in costs) +
              f" {sum(costs):7.0f} {found['free_ns']:8.0f}"
              f" {found['gzip_ns']:7.0f} {found['peak_mb']:8.0f}{goal}",
              flush=True)
        if samples == 100_000:
            ours = found["writer_mb_per_s"]
            theirs = found["text_serializer_mb_per_s"]
    print(f"writer: {ours:.0f} MB/s, prometheus::TextSerializer: "
          f"{theirs:.0f} MB/s, {ours / theirs:.1f} x")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("build", type=pathlib.Path)
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--only", choices=("exposition",))
    options = arguments.parse_args()
    show_expositions(options.build / "tests/benchmark_exposition")
    if options.only:
        return
    bench = options.build / "tests/benchmark_engine"
    program = options.build / "command_exporter"
    rows = {name: [] for name in ("floor", "engine", "scrape")}
    added = []
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        hundred = write_config(folder, "hundred.toml", COMMANDS)
        none = write_config(folder, "none.toml", 0)
        for _ in range(options.rounds):
            rows["floor"].append(engine_round(bench, "floor"))
            rows["engine"].append(engine_round(bench, "engine"))
            rows["scrape"].append(scrape_round(program, hundred))
            added.append(latency((bench, "engine")) -
                         latency((bench, "floor")))
        starts = [start_to_first_scrape(program, none) for _ in range(9)]
        sizes = proportional_set_sizes(program, hundred)

    def ratio(name, column):
        return [row[column] / floor[column]
                for row, floor in zip(rows[name], rows["floor"])]

    print(f"{COMMANDS} x {PROGRAM}, {options.rounds} rounds, "
          "median [smallest .. largest]")
    show("floor: CPU", [r[0] * 1e3 for r in rows["floor"]], "ms")
    show("floor: wall", [r[1] * 1e3 for r in rows["floor"]], "ms")
    show("engine / floor: CPU", ratio("engine", 0), "x", "goal 1.10")
    show("engine / floor: wall", ratio("engine", 1), "x", "goal 1.00")
    show("scrape over HTTP / floor: CPU", ratio("scrape", 0), "x",
         "goal 1.15")
    show("scrape over HTTP / floor: wall", ratio("scrape", 1), "x")
    show("added latency of one command", added, "us", "goal 100")
    show("start to first answered scrape", [s * 1e3 for s in starts], "ms",
         "goal 100")
    for name, size in sizes:
        print(f"{'idle PSS of ' + name:46} {size:9.3f} MB")
    print(f"{'idle PSS of all':46} {sum(s for _, s in sizes):9.3f} MB"
          "   goal 16")


if __name__ == "__main__":
    main()
