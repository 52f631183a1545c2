"""The whole program's soak; soak.py describes it."""

import collections
import os
import pathlib
import random
import shutil
import signal
import socket
import tempfile
import threading
import time

from soak_config import (ANYWAY, EITHER, HOSTILE, JSON, RIGHT, SHELL, WRONG,
                         config)
from support import (Exporter, Exposition, descendants, descriptors, marked,
                     parent_and_state, read, wait_until)

CLIENTS = 4
BUDGETS = (None, None, 5, 1, 0.4)  # seconds of the header; None: no header
ENOUGH = 5           # a scrape with that much sees every healthy collector up
LATE = 0.5
WORK = (4, 7)        # seconds between two looks
LAUNCHER_REST = 65   # seconds between two deaths: after a minute of life its
                     # successor starts at once
LAUNCHER_GROWTH = 3_000_000  # its tables of thousands of orphans stay allocated
GUARDIAN_GROWTH = 1_000_000
WEB_GROWTH = 16_000_000  # 256 workers get their first request one by one
BUSY = 0.03  # seconds that a machine with an idle processor is never late
SANITIZED = b"__asan_init", b"__tsan_init"


class MachineDelay(threading.Thread):
    """How late this machine wakes us, at every moment."""

    def __init__(self):
        super().__init__(daemon=True)
        self.samples = collections.deque(maxlen=20000)
        self.worst = 0.0

    def run(self):
        while True:
            before = time.monotonic()
            time.sleep(0.005)
            now = time.monotonic()
            late = now - before - 0.005
            self.samples.append((now, late))
            self.worst = max(self.worst, late)

    def between(self, start, end):
        """Three successive wake-ups, each as late as the worst."""
        return 3 * max((late for at, late in list(self.samples)
                        if start <= at and at - late <= end), default=0)


def resident_bytes(pid):
    pages = read(f"/proc/{pid}/statm").split()
    return int(pages[1]) * os.sysconf("SC_PAGE_SIZE") if pages else 0


class ProgramSoak:
    def __init__(self, hostile_program, seed):
        # A place where the commands' user may start it.
        self.folder = tempfile.mkdtemp(prefix="command_exporter_soak_")
        os.chmod(self.folder, 0o755)
        self.hostile = shutil.copy(hostile_program, self.folder)
        self.random = random.Random(seed)
        self.began = time.monotonic()
        self.delay = MachineDelay()
        self.violations = 0
        self.counts = collections.Counter()
        self.deaths = []
        self.lock = threading.Lock()
        self.may_scrape = threading.Event()
        self.ended = False
        self.in_flight = 0
        self.sizes = {}
        self.open_files = {}
        self.slowest = 0.0
        print(f"program: seed {seed}", flush=True)

    def __enter__(self):
        self.exporter = Exporter(config(self.hostile, 0)).__enter__()
        text = pathlib.Path(os.environ["COMMAND_EXPORTER_PROGRAM"])
        program = text.read_bytes()
        self.sanitized = any(word in program for word in SANITIZED)
        self.delay.start()
        self.warm_up()
        for _ in range(CLIENTS):
            threading.Thread(target=self.client, daemon=True,
                             args=(self.random.random(),)).start()
        return self

    def __exit__(self, *_):
        self.ended = True
        self.exporter.__exit__()
        shutil.rmtree(self.folder)

    def warm_up(self):
        """A scrape and a reload, so that descriptors that stay open are open:
        the guardian also keeps the table before the newest."""
        name = "command_exporter_config_last_reload_success_timestamp_seconds"
        loaded = self.exporter.scrape().value(name)
        self.exporter.process.send_signal(signal.SIGHUP)
        wait_until(lambda: self.exporter.scrape().value(name) != loaded, 20,
                   "the configuration is loaded again")
        own = set(self.roles().values())
        wait_until(lambda: descendants(self.exporter.guardian()) <= own, 20,
                   "the first scrape's runs are over")
        time.sleep(0.2)
        self.open_files = {role: descriptors(pid)
                           for role, pid in self.roles().items()}

    def violation(self, what):
        with self.lock:
            self.violations += 1
            print(f"violation after {time.monotonic() - self.began:.1f} s: "
                  f"{what}", flush=True)

    # Clients.

    def client(self, seed):
        own = random.Random(seed)
        while not self.ended:
            if not self.may_scrape.wait(0.1):
                continue
            with self.lock:
                if not self.may_scrape.is_set():
                    continue
                self.in_flight += 1
            try:
                if own.random() < 0.15:
                    self.leave_early(own)
                else:
                    self.scrape(own.choice(BUDGETS))
            except (OSError, AssertionError) as error:
                if not self.ended:
                    self.violation(f"a scrape failed: {error!r}")
            finally:
                with self.lock:
                    self.in_flight -= 1

    def leave_early(self, own):
        self.counts["clients gone"] += 1
        host, port = self.exporter.address.rsplit(":", 1)
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            time.sleep(own.random() * 0.5)

    def scrape(self, budget):
        headers = {} if budget is None else {
            "X-Prometheus-Scrape-Timeout-Seconds": str(budget)}
        start = time.monotonic()
        status, _, text = self.exporter.get(headers=headers, timeout=120)
        end = time.monotonic()
        self.counts["scrapes"] += 1
        if status != 200:
            self.violation(f"HTTP {status}")
            return
        self.judge(Exposition(text), budget, start, end)

    def judge(self, answer, budget, start, end):
        allowed = (budget or 30) + LATE + self.delay.between(start, end)
        self.slowest = max(self.slowest, end - start)
        if end - start > allowed:
            self.violation(f"a scrape of {budget} s took {end - start:.2f} s")
        names = [own["collector"] for name, own, _ in answer.samples
                 if name == "command_exporter_collector_up"]
        if sorted(names) != sorted([*SHELL, *JSON, "program", *HOSTILE]):
            self.violation(f"collectors missing or twice: {names}")
        for name in WRONG:
            if answer.up(name) != 0:
                self.violation(f"{name} is up")
        for name, value in RIGHT.items():
            if answer.up(name) == 1:
                if answer.values(f"soak_{name}") != [value]:
                    self.violation(f"{name} is "
                                   f"{answer.values(f'soak_{name}')}")
            elif "stuck" in answer.failures(name) and (
                    self.delay.between(start - 1, end) > 3 * BUSY):
                self.counts["late to die on a busy machine"] += 1
            elif self.should_be_up(budget, start, end):
                self.violation(f"{name} is not up in a scrape of {budget} s "
                               f"that took {end - start:.2f} s: "
                               f"{answer.failures(name)}")

    def should_be_up(self, budget, start, end):
        # A death loses the current runs, and those whose message was in transit;
        # the guardian needs two seconds.
        lost = any(start - 2 < death < end for death in list(self.deaths))
        return (budget is None or budget >= ENOUGH) and not lost

    # Events, and the pauses between them.

    def run(self, end):
        while time.monotonic() < end:
            self.may_scrape.set()
            work = min(end, time.monotonic() + self.random.uniform(*WORK))
            while time.monotonic() < work:
                time.sleep(self.random.uniform(0.2, 1.5))
                self.event()
            self.await_quiet()
            self.look(end)

    def event(self):
        kind = self.random.randrange(4)
        rested = not self.deaths or (
            time.monotonic() - self.deaths[-1] > LAUNCHER_REST)
        if kind == 0 and rested:
            self.counts["launchers killed"] += 1
            self.deaths.append(time.monotonic())
            os.kill(self.exporter.role("launcher"), signal.SIGKILL)
        elif kind == 1:
            self.counts["bad reloads"] += 1
            self.exporter.write("[[collector]]\nnmae = 1\n")
            self.exporter.process.send_signal(signal.SIGHUP)
        elif kind == 2:
            self.counts["reloads"] += 1
            self.exporter.write(config(self.hostile, self.counts["reloads"]))
            self.exporter.process.send_signal(signal.SIGHUP)

    def await_quiet(self):
        with self.lock:
            self.may_scrape.clear()
        end = time.monotonic() + 60
        while self.in_flight and time.monotonic() < end:
            time.sleep(0.01)
        if self.in_flight:
            self.violation(f"{self.in_flight} scrapes are not answered")

    def roles(self):
        guardian = self.exporter.guardian()
        found = {"guardian": guardian}
        below = {pid: read(f"/proc/{pid}/comm").decode().strip()
                 for pid in descendants(guardian)}
        for pid, name in below.items():
            if parent_and_state(pid)[0] == guardian:
                found[name] = pid
        for pid, name in below.items():
            parent = parent_and_state(pid)[0]
            if (name, parent) == ("ce-jq-keeper", found["ce-web"]):
                found[name] = pid
        for pid, name in below.items():
            parent = parent_and_state(pid)[0]
            if (name, parent) == ("ce-jq", found.get("ce-jq-keeper")):
                found[name] = pid
        return found

    def look(self, end):
        """Everything that must hold without requests. Runs without a waiting
        scrape end first, and so does a loader."""
        start = time.monotonic()
        while True:
            left = self.left()
            waited = time.monotonic() - start
            if not left or waited > 4 + self.delay.between(
                    start, time.monotonic()):
                break
            time.sleep(0.02)
        for line in left:
            self.violation(f"left: {line}")
        self.look_at_sizes(time.monotonic() - self.began >
                           0.25 * (end - self.began))

    def left(self):
        """Everything that should not be there, one line each."""
        roles = self.roles()
        guardian = self.exporter.guardian()
        own = set(roles.values())
        lines = []
        for pid in (descendants(guardian) |
                    marked(self.exporter.token)) - own - {guardian}:
            words = read(f"/proc/{pid}/cmdline").replace(b"\0", b" ").decode()
            lines.append(f"process {pid} {parent_and_state(pid)} {words}")
        if set(roles) != {"guardian", "ce-launcher", "ce-web", "ce-jq-keeper",
                          "ce-jq"}:
            lines.append(f"the roles are {sorted(roles)}")
        for role, pid in roles.items():
            count = descriptors(pid)
            # A new launcher has as many as the first.
            if count != self.open_files.get(role):
                lines.append(f"{role} has {count} descriptors, "
                             f"{self.open_files.get(role)} before")
        return lines

    def look_at_sizes(self, warm):
        limits = {"guardian": GUARDIAN_GROWTH, "ce-launcher": LAUNCHER_GROWTH,
                  "ce-web": WEB_GROWTH}
        for role, pid in self.roles().items():
            size = resident_bytes(pid)
            first, most = self.sizes.get(role, (size, size))
            if not warm and role != "ce-launcher":
                first = most = size
            self.sizes[role] = (first, max(most, size))
            if size > max(most, first + limits.get(role, 0)) and (
                    not self.sanitized):
                self.violation(f"{role} has {size} bytes, {first} before")

    def conclude(self):
        final = self.exporter.scrape()
        for name in [*RIGHT, *WRONG, *EITHER]:
            allowed = ANYWAY | EITHER.get(name, {WRONG.get(name)})
            # A busy machine needs more than 400 ms to reap killed processes.
            if self.delay.worst > BUSY:
                allowed |= {"stuck"}
            wrong = set(final.failures(name)) - allowed
            if wrong:
                self.violation(f"{name} failed for the reasons {wrong}")
        restarts = final.value("command_exporter_launcher_restarts_total")
        if restarts != len(self.deaths):
            self.violation(f"{restarts} launchers made anew, "
                           f"{len(self.deaths)} killed")
        orphans = final.value("command_exporter_orphans_killed_total")
        runs = sum(final.values("command_exporter_collector_runs_total"))
        self.ended = True
        if self.exporter.stop() != 0:
            self.violation("it did not end with 0")
        if marked(self.exporter.token):
            self.violation("something is left at the end")
        print(f"program: {runs:.0f} runs, {orphans:.0f} orphans killed, "
              f"{dict(self.counts)}, slowest scrape {self.slowest:.2f} s")
        for role, (first, most) in self.sizes.items():
            print(f"program: {role} {first / 1e6:.2f} MB, at most "
                  f"{most / 1e6:.2f} MB, {self.open_files[role]} descriptors")
        print(f"program: this machine served a timer up to "
              f"{self.delay.worst * 1e3:.0f} ms late")
        print(f"program: {self.violations} violations", flush=True)
        return self.violations == 0
