"""Common parts of the measurements: the real program, the cost of a process, a
line of the table."""

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

PROGRAM = "/bin/true"


def run_and_account(argv):
    """Runs argv; returns (its output, CPU seconds of it and its children)."""
    process = subprocess.Popen([str(word) for word in argv],
                               stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{argv} ended with {process.returncode}")
    return output, usage.ru_utime + usage.ru_stime


def engine_round(bench, mode, bursts, commands, argv):
    """CPU and median wall of one burst of `commands`, start-up subtracted."""
    line = [bench, mode, bursts, commands, *argv]
    output, cpu = run_and_account(line)
    _, idle = run_and_account([*line[:2], 0, *line[3:]])
    walls = [float(wall) / 1e3 for wall in output.split()]
    return (cpu - idle) / bursts, statistics.median(walls)


class Exporter:
    """The real program, on a free port of the loopback."""

    def __init__(self, program, config, **environment):
        self.log = tempfile.TemporaryFile("w+")
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [str(program), f"--config.file={config}",
             "--web.listen-address=127.0.0.1:0"], stderr=self.log,
            env={**os.environ, **environment})
        self.address = self.wait_for_address()
        self.url = f"http://{self.address}/metrics"

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

    def reload(self, awaited):
        """Returns when an answer contains `awaited`, which no earlier answer did."""
        self.process.send_signal(signal.SIGHUP)
        start = time.monotonic()
        while awaited not in self.scrape()[0]:
            if time.monotonic() - start > 20:
                sys.exit("a reload does not come into force")

    def roles(self):
        """{name: pid}."""
        own = self.process.pid
        children = pathlib.Path(f"/proc/{own}/task/{own}/children")
        found = {"guardian": own}
        for pid in children.read_text().split():
            found[pathlib.Path(f"/proc/{pid}/comm").read_text().strip()] = pid
        return found

    def sizes(self):
        """{role: PSS in MB}."""
        return {name: field(f"/proc/{pid}/smaps_rollup", "Pss") / 1024
                for name, pid in self.roles().items()}

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        _, status, usage = os.wait4(self.process.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        return usage.ru_utime + usage.ru_stime


def field(path, name):
    """The number of a `Name:  123 kB` line in a file of /proc."""
    return int(re.search(rf"^{name}:\s+(\d+)",
                         pathlib.Path(path).read_text(), re.M)[1])


def write_config(folder, name, commands, prefix="c"):
    """A file with one collector for each argv."""
    path = pathlib.Path(folder) / name
    path.write_text("".join(
        f'[[collector]]\nname = "{prefix}{i}"\n'
        f'command = {list(map(str, argv))}\n'
        'format = "prometheus"\n' for i, argv in enumerate(commands)))
    return path


def show(what, values, unit, goal=""):
    """A line: median [smallest .. largest], and the upper goal."""
    print(f"{what:46} {statistics.median(values):9.3f} {unit:3}"
          f"  [{min(values):.3f} .. {max(values):.3f}]"
          f"{f'  goal {goal}' if goal else ''}", flush=True)
