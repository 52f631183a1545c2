"""Collectors on a clock of their own, selected collectors, absent ones."""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

import unittest

from probes import HungMount, needs
from prometheus_server import Prometheus
from support import PROGRAM, EndToEndTest, Exporter, marked, wait_until

# Each run adds a line to a file and prints the number of its lines.
COUNTS = """
[[collector]]
name = "counts"
every = "EVERY"
shell = "echo >> FOLDER/counts; wc -l < FOLDER/counts"
env = { MARK = "TOKEN" }
format = "number"
metric = [{ name = "counts_value", help = "Runs." }]
"""

QUICK = """
[[collector]]
name = "quick"
command = ["echo", "1"]
env = { MARK = "TOKEN" }
format = "number"
metric = [{ name = "quick_value", help = "One." }]
"""

SLEEPS = """
[[collector]]
name = "sleeps"
every = "1h"
timeout = "10m"
shell = "(setsid sleep 307 >/dev/null 2>&1 &); sleep 306; echo 1"
env = { MARK = "TOKEN" }
format = "number"
metric = [{ name = "sleeps_value", help = "One." }]
"""


class Schedules(EndToEndTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o777)
        self.folder = pathlib.Path(folder.name)

    def counts(self, every):
        return COUNTS.replace("FOLDER", str(self.folder)).replace("EVERY", every)

    def runs(self):
        path = self.folder / "counts"
        return len(path.read_text().splitlines()) if path.exists() else 0

    def wait_for_value(self, exporter, name, value):
        wait_until(lambda: exporter.scrape().values(name) == [value], 20,
                   f"{name} is {value}")

    def test_a_command_runs_although_nobody_scrapes(self):
        with Exporter(self.counts("1s")) as exporter:
            wait_until(lambda: self.runs() >= 3, 30, "three runs")
            answer = exporter.scrape()
            self.assertGreaterEqual(answer.value("counts_value"), 2)
            self.assertEqual(answer.up("counts"), 1)
            self.assertEqual(answer.value(
                "command_exporter_collector_interval_seconds",
                collector="counts"), 1)
            self.assert_stops(exporter)

    def test_no_scrape_waits_for_a_run_and_sigterm_ends_it(self):
        with Exporter(SLEEPS + QUICK) as exporter:
            wait_until(lambda: marked(exporter.token), 20, "the run began")
            began = time.monotonic()
            answer = exporter.scrape()
            self.assertLess(time.monotonic() - began, 5)
            self.assertEqual((answer.up("sleeps"), answer.up("quick")), (0, 1))
            self.assertEqual(answer.value(
                "command_exporter_collector_last_failure_info",
                collector="sleeps", reason="stale"), 1)
            self.assert_stops(exporter)
            self.assertNotIn("level=WARN", exporter.log())

    def test_a_reload_keeps_the_result_of_an_unchanged_collector(self):
        config = self.counts("1h")
        with Exporter(config) as exporter:
            self.wait_for_value(exporter, "counts_value", 1)
            exporter.write("# a comment\n[exporter]\nscrape_timeout = '9s'\n" +
                           QUICK + config)
            exporter.process.send_signal(signal.SIGHUP)
            self.wait_for_value(exporter, "quick_value", 1)
            self.assertEqual(exporter.scrape().value("counts_value"), 1)
            self.assertEqual(self.runs(), 1)
            exporter.write(config + "help = 'x'\n")  # refused
            exporter.process.send_signal(signal.SIGHUP)
            wait_until(lambda: exporter.scrape().value(
                "command_exporter_config_last_reload_successful") == 0, 20,
                "the reload is refused")
            self.assertEqual(exporter.scrape().value("counts_value"), 1)
            exporter.write(config.replace('"Runs."', '"All runs."'))
            exporter.process.send_signal(signal.SIGHUP)
            self.wait_for_value(exporter, "counts_value", 2)
            self.assert_stops(exporter)

    def test_the_launchers_death_loses_no_clock(self):
        with Exporter(self.counts("1h") + SLEEPS) as exporter:
            self.wait_for_value(exporter, "counts_value", 1)
            wait_until(lambda: len(marked(exporter.token)) >= 2, 20,
                       "the run that sleeps")
            before = marked(exporter.token)
            os.kill(exporter.role("launcher"), signal.SIGKILL)
            # The run that was lost is repeated; the other has its result.
            wait_until(lambda: len(marked(exporter.token) - before) >= 2 and
                       not marked(exporter.token) & before, 50,
                       "the run is repeated")
            self.assertEqual(exporter.scrape().value("counts_value"), 1)
            self.assertEqual(self.runs(), 1)
            self.assert_stops(exporter)

    def test_collectors_are_selected_by_name(self):
        with Exporter(self.counts("1s") + QUICK) as exporter:
            for query, up in (("collect[]=quick", ["quick"]),
                              ("exclude=counts", ["quick"]),
                              ("collect=quick&collect[]=counts",
                               ["counts", "quick"])):
                status, _, text = exporter.get(f"/metrics?{query}")
                self.assertEqual(status, 200)
                found = sorted(line.split('"')[1] for line in text.splitlines()
                               if line.startswith(
                                   "command_exporter_collector_up{"))
                self.assertEqual(found, up, query)
                self.assertIn("command_exporter_build_info{", text)
            status, _, text = exporter.get("/metrics?collect[]=quikc")
            self.assertEqual((status, text), (
                400, 'collect[]: there is no collector "quikc"; did you mean '
                     '"quick"?\n'))
            self.assert_stops(exporter)

    def test_a_collector_has_a_min_interval_of_its_own(self):
        def reads(name, keys=""):
            return (f'[[collector]]\nname = "{name}"\n{keys}env = {{ MARK = '
                    f'"TOKEN" }}\nshell = "echo >> {self.folder}/{name}; wc -l '
                    f'< {self.folder}/{name}"\nformat = "number"\n'
                    f'metric = [{{ name = "{name}_value" }}]\n')
        with Exporter('[exporter]\nmin_interval = "1h"\n' + reads("shared") +
                      reads("own", 'min_interval = "0s"\n')) as exporter:
            for scrape in (1, 2, 3):
                answer = exporter.scrape()
                self.assertEqual((answer.value("shared_value"),
                                  answer.value("own_value")), (1, scrape))
            self.assert_stops(exporter)

    def test_a_collector_is_absent_where_its_file_is_not(self):
        absent = QUICK.replace('"quick"', '"gone"').replace(
            "quick_value", "gone_value").replace(
            "command =", 'when = { file = "/nothing/here" }\ncommand =')
        off = QUICK.replace('"quick"', '"off"').replace(
            "quick_value", "off_value").replace(
            "command =", "enabled = false\ncommand =")
        here = QUICK.replace(
            "command =", 'when = { file = "/bin/sh" }\ncommand =')
        config = self.counts("1h") + absent + off + here
        with Exporter(config) as exporter:
            answer = exporter.scrape()
            self.assertEqual(answer.up("quick"), 1)
            self.assertEqual(answer.values(
                "command_exporter_collector_up", collector="gone"), [])
            status, _, text = exporter.get("/metrics?collect[]=gone")
            self.assertEqual(status, 200)
            self.assertNotIn("collector_up", text)
            listed = subprocess.run(
                [PROGRAM, "--list-collectors",
                 f"--config.file={exporter.config}"],
                capture_output=True, text=True, check=True).stdout
            self.assertEqual(
                [line.split("\t")[:4] for line in listed.splitlines()],
                [["counts", "enabled", "command", "every 1h"],
                 ["gone", "absent", "command", "scrape"],
                 ["off", "disabled", "command", "scrape"],
                 ["quick", "enabled", "command", "scrape"]])
            self.assert_stops(exporter)

    @needs("fuse")
    def test_a_hung_mount_in_when_costs_its_own_collector_only(self):
        mount = HungMount()
        self.addCleanup(mount.close)
        hangs = QUICK.replace('"quick"', '"hangs"').replace(
            "quick_value", "hangs_value").replace(
            "command =", f'when = {{ file = "{mount.folder}/x" }}\ncommand =')
        with Exporter(QUICK + hangs) as exporter:
            self.assertEqual(exporter.scrape().up("quick"), 1)
            self.assertRegex(
                exporter.log(),
                r'exporter.toml:\d+:\d+: collector \\"hangs\\": when: cannot look '
                r'for .* \(its file system does not answer\), so the collector '
                'is off')
            mount.close()
            self.assert_stops(exporter)

    @needs("prometheus")
    def test_two_jobs_of_one_prometheus_share_an_exporter(self):
        with Exporter(self.counts("2s") + QUICK) as exporter:
            jobs = "".join(
                f"  - job_name: {job}\n    scrape_interval: {interval}\n"
                f"    params: {{'{key}': [quick]}}\n"
                f"    static_configs: [{{targets: ['{exporter.address}']}}]\n"
                for job, interval, key in (("fast", "1s", "collect[]"),
                                           ("slow", "4s", "exclude[]")))
            with Prometheus(exporter.address, jobs) as server:
                value = wait_until(lambda: server.query("counts_value"), 60,
                                   "the slow job")
                wait_until(lambda: server.query("quick_value"), 60, "the fast")
                wait_until(lambda: server.query("counts_value") != value, 60,
                           "the value changes by itself")
                self.assertEqual(
                    {t["labels"]["job"]: t["health"]
                     for t in server.api("targets")["activeTargets"]},
                    {"fast": "up", "slow": "up"})
                self.assertEqual(
                    server.query("count by (job) "
                                 "(command_exporter_collector_up)"), {(): 1})
                for job, name in (("fast", "quick"), ("slow", "counts")):
                    self.assertEqual(
                        server.query("command_exporter_collector_up"
                                     f'{{job="{job}"}}'),
                        {(("collector", name),): 1})
            self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
