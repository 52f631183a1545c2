"""Common parts of the end-to-end tests: the real program, its answers, and the
proof that no process of it is left.

Servers listen only on the loopback, on ports chosen by the system.
"""

import ctypes
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import uuid

PROGRAM = os.environ["COMMAND_EXPORTER_PROGRAM"]
SOURCE = pathlib.Path(os.environ["COMMAND_EXPORTER_SOURCE_DIR"])


def wait_until(condition, seconds, what):
    """The first true value of condition(), tried for `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def read(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError:
        return b""


def processes():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def parent_and_state(pid):
    """(parent, state) from /proc/PID/stat; (0, "") when it is gone."""
    text = read(f"/proc/{pid}/stat").decode(errors="replace")
    fields = text[text.rfind(")") + 2:].split()
    return (int(fields[1]), fields[0]) if len(fields) > 1 else (0, "")


def descendants(pid):
    parents = {p: parent_and_state(p)[0] for p in processes()}
    found, grown = {pid}, True
    while grown:
        more = {p for p, parent in parents.items() if parent in found}
        grown = not more <= found
        found |= more
    return found - {pid}


def marked(token):
    """Processes that carry `token` in their environment or command line."""
    token = token.encode()
    return {p for p in processes() if p != os.getpid() and
            (token in read(f"/proc/{p}/environ") or
             token in read(f"/proc/{p}/cmdline"))}


def descriptors(pid):
    """0 when it is gone. Of the exporter's processes only root may ask."""
    try:
        return len(os.listdir(f"/proc/{pid}/fd"))
    except (FileNotFoundError, ProcessLookupError):
        return 0


def adopt_orphans():
    """Orphans become our children, so that those without a mark are found too.
    prctl(2)"""
    set_child_subreaper = 36
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


class Exporter:
    """The program with a configuration of its own; use it in `with`."""

    def __init__(self, config, *arguments, wrapper=(), environment=None):
        self.token = f"e2e_{uuid.uuid4().hex}"
        self.folder = tempfile.mkdtemp(prefix="command_exporter_e2e_")
        os.chmod(self.folder, 0o755)
        self.config = pathlib.Path(self.folder) / "exporter.toml"
        self.write(config)
        self.log_path = pathlib.Path(self.folder) / "log"
        self.arguments = arguments
        self.wrapper = list(wrapper)
        self.environment = environment

    def write(self, config):
        """Replaces the configuration; TOKEN in it becomes our own mark."""
        self.config.write_text(config.replace("TOKEN", self.token))

    def __enter__(self):
        adopt_orphans()
        self.strangers = descendants(os.getpid())
        with open(self.log_path, "w") as log:
            self.process = subprocess.Popen(
                self.wrapper + [PROGRAM, f"--config.file={self.config}",
                                "--web.listen-address=127.0.0.1:0",
                                *self.arguments],
                stderr=log, stdin=subprocess.DEVNULL, env=self.environment,
                start_new_session=True)
        try:
            self.address = wait_until(self.find_address, 20, "it listens")
        except AssertionError as error:
            self.__exit__()
            raise AssertionError(f"{error}\n{self.log()}") from None
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for pid in marked(self.token):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        shutil.rmtree(self.folder, ignore_errors=True)

    def orphans(self):
        """Processes that have lost their roles: alive, and children of this test."""
        below = descendants(os.getpid()) - self.strangers
        own = descendants(self.guardian()) | {self.guardian()}
        left = set()
        for pid in below - own:
            if parent_and_state(pid) == (os.getpid(), "Z"):
                os.waitpid(pid, os.WNOHANG)
            elif parent_and_state(pid)[0]:
                left.add(pid)
        return left

    def log(self):
        return self.log_path.read_text(errors="replace")

    def find_address(self):
        if self.process.poll() is not None:
            raise AssertionError("it has ended")
        found = re.search(r'msg="Listening on"[^\n]*address="?([^"\s]+)',
                          self.log())
        return found and found[1]

    def get(self, path="/metrics", headers=None, timeout=30):
        """(status, headers, text) of a GET."""
        request = urllib.request.Request(f"http://{self.address}{path}",
                                         headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=timeout) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def scrape(self, **headers):
        status, _, text = self.get(
            headers={k.replace("_", "-"): v for k, v in headers.items()})
        if status != 200:
            raise AssertionError(f"HTTP {status}: {text}")
        return Exposition(text)

    def role(self, name, parent=None):
        """The pid of the child whose process name begins with `name`."""
        parent = parent or self.guardian()
        for pid in processes():
            if (parent_and_state(pid)[0] == parent and
                    name in read(f"/proc/{pid}/comm").decode()):
                return pid
        raise AssertionError(f"no process {name}")

    def jq_keeper(self):
        return self.role("jq-keeper", self.role("web"))

    def jq_process(self):
        return self.role("jq", self.jq_keeper())

    def guardian(self):
        return self.process.pid

    def stop(self, signal_number=signal.SIGTERM):
        """Sends the signal and returns the exit status."""
        self.process.send_signal(signal_number)
        return self.process.wait(timeout=30)


class Exposition:
    """The samples of an answer: value(name, label=...)."""

    SAMPLE = re.compile(r'^([a-zA-Z_:][\w:]*)(\{.*\})? (\S+)$')
    LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')

    def __init__(self, text):
        self.text = text
        self.samples = []
        for line in text.splitlines():
            if line and not line.startswith("#"):
                found = self.SAMPLE.match(line)
                if not found:
                    raise AssertionError(f"not a sample: {line}")
                labels = dict(self.LABEL.findall(found[2] or ""))
                self.samples.append((found[1], labels, float(found[3])))

    def values(self, name, **labels):
        return [value for sample, own, value in self.samples
                if sample == name and labels.items() <= own.items()]

    def value(self, name, **labels):
        found = self.values(name, **labels)
        if len(found) != 1:
            raise AssertionError(f"{name}{labels}: {found}\n{self.text}")
        return found[0]

    def up(self, collector):
        return self.value("command_exporter_collector_up", collector=collector)

    def failures(self, collector):
        """The reasons with a count above zero."""
        return {own["reason"]: value for sample, own, value in self.samples
                if sample ==
                "command_exporter_collector_failures_by_reason_total" and
                own["collector"] == collector and value > 0}


class EndToEndTest(unittest.TestCase):
    """Assertions on processes."""

    def assert_nothing_left(self, exporter, seconds=0.5):
        """No run of `exporter` is alive, a zombie, or holds a descriptor."""
        wait_until(lambda: not marked(exporter.token) - {exporter.guardian()},
                   seconds, f"nothing carries {exporter.token}: "
                   f"{marked(exporter.token)}")
        if exporter.process.poll() is not None:
            wait_until(lambda: not exporter.orphans(), seconds,
                       "nothing has outlived the exporter")
        if exporter.process.poll() is None:
            guardian = exporter.guardian()

            # A new launcher may appear between two looks; a process seen in one
            # look that has ended since has no parent.
            def of_roles():
                return {p for p in descendants(guardian)
                        if parent_and_state(p)[0] not in (0, guardian)
                        and b"ce-jq" not in read(f"/proc/{p}/comm")}

            wait_until(lambda: not of_roles(), seconds,
                       "the roles have no descendants")
            for pid in descendants(guardian):
                self.assertNotEqual(parent_and_state(pid)[1], "Z")

    def assert_stops(self, exporter):
        self.assertEqual(exporter.stop(), 0, exporter.log())
        self.assert_nothing_left(exporter)
