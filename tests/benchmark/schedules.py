"""What scheduled collectors cost, beside Debian's node_exporter."""

import http.client
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time

from exporter import Exporter, field, show
from exposition import processor_seconds

REQUESTS = 2000
SLOW_SECONDS = 20
IDLE_SECONDS = 30
NODE_EXPORTER = "prometheus-node-exporter"


def write_scheduled(folder, name, count, shell, metrics=""):
    """`count` collectors that run once an hour; returns the path."""
    path = pathlib.Path(folder) / name
    path.write_text("".join(
        f'[[collector]]\nname = "c{i}"\nevery = "1h"\ntimeout = "1m"\n'
        f"shell = '{shell.replace('NUMBER', str(i))}'\n{metrics}"
        for i in range(count)))
    return path


def wait_for_results(exporter, count):
    """Until each collector has a result."""
    end = time.monotonic() + 60
    up = re.compile(r"^command_exporter_collector_up\{.*\} 1$", re.M)
    while len(up.findall(exporter.scrape()[0])) < count:
        if time.monotonic() > end:
            sys.exit("not all collectors have a result")
        time.sleep(0.1)


def answers(address, pids):
    """(requests a second, microseconds of CPU an answer) on one connection."""
    connection = http.client.HTTPConnection(address, timeout=20)

    def ask():
        connection.request("GET", "/metrics")
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200 or not body:
            sys.exit(f"{address} answered {answer.status}")

    for _ in range(REQUESTS // 10):
        ask()
    cpu = sum(processor_seconds(pid) for pid in pids)
    start = time.monotonic()
    for _ in range(REQUESTS):
        ask()
    seconds = time.monotonic() - start
    cpu = sum(processor_seconds(pid) for pid in pids) - cpu
    connection.close()
    return REQUESTS / seconds, cpu / REQUESTS * 1e6


class NodeExporter:
    """Debian's, with one collector, on a free port of the loopback."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.address = "127.0.0.1:%d" % probe.getsockname()[1]
        self.process = subprocess.Popen(
            [NODE_EXPORTER, "--collector.disable-defaults",
             "--collector.loadavg", f"--web.listen-address={self.address}"],
            stderr=subprocess.DEVNULL)
        host, port = self.address.split(":")
        end = time.monotonic() + 20
        while True:
            try:
                socket.create_connection((host, int(port))).close()
                return
            except OSError:
                if time.monotonic() > end:
                    sys.exit(f"{NODE_EXPORTER} does not listen")
                time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait()


def requests(options, folder):
    rows = {10: [], 100: []}
    for _ in range(min(options.rounds, 5)):
        node = NodeExporter()
        other = answers(node.address, [node.process.pid])
        node.stop()
        for count, found in rows.items():
            exporter = Exporter(options.program, write_scheduled(
                folder, f"{count}.toml", count, "echo c_NUMBER 1"))
            wait_for_results(exporter, count)
            own = answers(exporter.address, exporter.roles().values())
            exporter.stop()
            found.append((*own, own[0] / other[0], own[1] / other[1]))
    for count, found in rows.items():
        rate, cpu, faster, dearer = zip(*found)
        what = f"{count} scheduled collectors"
        show(f"{what}: requests a second", rate, "")
        show(f"{what}: CPU of an answer", cpu, "us")
        show(f"{what} / node_exporter: requests a second", faster, "x")
        show(f"{what} / node_exporter: CPU of an answer", dearer, "x")


def slow_runs(options, folder):
    exporter = Exporter(options.program, write_scheduled(
        folder, "slow.toml", 8, f"sleep {SLOW_SECONDS}; echo c_NUMBER 1"))
    time.sleep(SLOW_SECONDS / 2)
    walls = [exporter.scrape()[1] * 1e3 for _ in range(100)]
    exporter.stop()
    show(f"scrape while runs of {SLOW_SECONDS} s go on", walls, "ms", "50")


def memory_of(options, folder, name, shell):
    exporter = Exporter(options.program,
                        write_scheduled(folder, name, 100, shell))
    wait_for_results(exporter, 100)
    web = next(pid for role, pid in exporter.roles().items() if "web" in role)
    size = field(f"/proc/{web}/smaps_rollup", "Pss_Anon")
    exporter.stop()
    return size


def results(options, folder):
    """Memory of a kept result of 1,000 samples."""
    lines = 'seq 1000 | sed "s/.*/c_NUMBER{a=\\"&\\"} &/"'
    sizes = []
    for _ in range(min(options.rounds, 3)):
        one = memory_of(options, folder, "one.toml", "echo c_NUMBER 1")
        many = memory_of(options, folder, "many.toml", lines)
        sizes.append((many - one) / 100)
    show("a kept result of 1,000 samples", sizes, "kB")


def switches(pid):
    total = 0
    for status in pathlib.Path(f"/proc/{pid}/task").glob("*/status"):
        total += sum(int(line.split()[1])
                     for line in status.read_text().splitlines()
                     if line.startswith("voluntary_ctxt_switches"))
    return total


def wakeups(options, folder):
    exporter = Exporter(options.program, write_scheduled(
        folder, "idle.toml", 100, "echo c_NUMBER 1"))
    wait_for_results(exporter, 100)
    time.sleep(2)
    pids = list(exporter.roles().values())
    before = sum(map(switches, pids))
    time.sleep(IDLE_SECONDS)
    count = sum(map(switches, pids)) - before
    exporter.stop()
    show("wake-ups a minute, idle, 100 scheduled", [count * 60 / IDLE_SECONDS],
         "")


def schedules(options, folder):
    requests(options, folder)
    slow_runs(options, folder)
    results(options, folder)
    wakeups(options, folder)
