"""Started by a plain user, the exporter and its commands have one user: no
command may look into a process of the exporter all the same."""

import os
import pathlib
import shutil
import signal
import unittest

from probes import HungMount, needs
from support import (EndToEndTest, Exporter, PROGRAM, SOURCE, descriptors,
                     parent_and_state, wait_until)

PROBE = SOURCE / "tests" / "e2e" / "memory_probe.py"
WAYS = ("mem", "environ", "maps", "files", "getfd", "readv", "attach", "seize")
ROLES = {"guardian", "ce-loader", "ce-launcher", "ce-web", "ce-jq-keeper",
         "ce-jq", "evaluation"}
# Each look at the configuration compiles the long program, so that its loader
# can be met.
CONFIG = """
[exporter.defaults]
env = { MARK = "TOKEN" }
timeout = "25s"

[[collector]]
name = "endless"
shell = "echo 1"
format = "json"
items = "LONG def f: f; f"
metric = [{ name = "endless_value" }]

[[collector]]
name = "own_files"
shell = "echo 5 >/dev/stdout; echo said >/dev/stderr"
format = "number"
metric = [{ name = "own_files_value" }]

[[collector]]
name = "probe"
command = ["python3", "FOLDER/memory_probe.py", "15", ROLES]
format = "prometheus"
"""


# Between clone and execve a command has the memory of the launcher.
STARTING = """
[[collector]]
name = "hung"
command = ["MOUNT/program"]
env = { MARK = "TOKEN" }
format = "prometheus"

[[collector]]
name = "probe"
command = ["python3", "FOLDER/memory_probe.py", "15", ROLES]
format = "prometheus"
"""


class Hidden(EndToEndTest):
    maxDiff = None
    awaited = ROLES

    def start(self, config):
        """A plain user's, whoever we are."""
        exporter = Exporter("")
        folder = pathlib.Path(exporter.folder)
        shutil.copy(PROBE, folder)
        roles = ", ".join(f'"{role}"' for role in sorted(self.awaited))
        exporter.write(config.replace("FOLDER", str(folder))
                       .replace("ROLES", roles))
        if os.geteuid() == 0:
            program = folder / "program"
            shutil.copy(PROGRAM, program)
            exporter.wrapper = [
                "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                "sh", "-c", f'shift; exec {program} "$@"', "sh"]
        self.addCleanup(exporter.__exit__)
        return exporter.__enter__()

    def stopped_loader(self, exporter):
        """It stays for 30 s, until the guardian gives it up."""
        def catch():
            exporter.process.send_signal(signal.SIGHUP)
            for _ in range(2000):
                try:
                    loader = exporter.role("loader")
                    os.kill(loader, signal.SIGSTOP)
                except (AssertionError, ProcessLookupError):
                    continue
                if parent_and_state(loader)[1] == "T":
                    return loader
            return 0
        return wait_until(catch, 30, "a loader is met")

    def check(self, exporter, answer):
        """Every role was there, and was hidden in every way."""
        self.assertEqual(answer.up("probe"), 1, exporter.log())
        found = {}
        for name, labels, value in answer.samples:
            if name == "allowed":
                found.setdefault((labels["role"], labels["way"]),
                                 set()).add(value)
        expected = {(role, way): {0.0} for role in self.awaited
                    for way in WAYS}
        expected.update({("command", way): {1.0} for way in WAYS})
        self.assertEqual(
            {key: values for key, values in found.items()
             if key in expected or values != {0.0}}, expected)

    def test_no_command_looks_into_a_process_of_the_exporter(self):
        long = " ".join(f"def f{i}: [., {i}] | map(. + 1) | add;"
                        for i in range(100))
        exporter = self.start(CONFIG.replace("LONG", long))
        loader = self.stopped_loader(exporter)
        answer = exporter.scrape(X_Prometheus_Scrape_Timeout_Seconds="24")
        self.check(exporter, answer)
        # The commands themselves are processes like any other.
        self.assertGreater(answer.value("own_environ_bytes"), 1)
        self.assertGreater(answer.value("own_environ_read"), 10)
        self.assertEqual(answer.value("own_files_value"), 5)
        os.kill(loader, signal.SIGCONT)
        self.assert_stops(exporter)

    @needs("fuse")
    def test_no_command_looks_into_one_that_is_being_started(self):
        mount = HungMount()
        self.addCleanup(mount.close)
        self.awaited = {"guardian", "ce-launcher", "ce-web", "starting"}
        exporter = self.start(STARTING.replace("MOUNT", mount.folder))
        self.check(exporter, exporter.scrape(
            X_Prometheus_Scrape_Timeout_Seconds="10"))
        os.close(mount.device)
        mount.device = -1
        self.assert_nothing_left(exporter, seconds=5)
        self.assert_stops(exporter)

    def test_the_exporter_knows_its_own_figures(self):
        exporter = self.start(
            '[[collector]]\nname = "a"\nshell = "echo 1"\nformat = "number"\n'
            'metric = [{ name = "a_value" }]\n')
        exporter.scrape()
        told = "command_exporter_process_open_fds"
        wait_until(lambda: exporter.scrape().values(told, process="launcher"),
                   10, "the other roles tell their figures")
        answer = exporter.scrape()
        # Standard ones, sockets, signals; the connection of this scrape.
        for value in (
                answer.value("process_open_fds"),
                answer.value(told, process="guardian"),
                answer.value(told, process="launcher")):
            self.assertGreater(value, 5)
            self.assertLess(value, 200)
        if os.geteuid() == 0:
            # A run that was under way had a pidfd and pipes in the launcher.
            for role, pid in (("guardian", exporter.guardian()),
                              ("launcher", exporter.role("launcher"))):
                self.assertAlmostEqual(
                    answer.value(told, process=role), descriptors(pid), delta=6)
        for name, labels in (
                ("process_resident_memory_bytes", {}),
                ("command_exporter_process_resident_memory_bytes",
                 {"process": "guardian"}),
                ("command_exporter_process_resident_memory_bytes",
                 {"process": "launcher"})):
            self.assertGreater(answer.value(name, **labels), 100_000)
        self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
