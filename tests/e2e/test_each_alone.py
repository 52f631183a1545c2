"""Each collector alone: whatever one of them does, the answer is valid, in
time, and complete about the others."""

import concurrent.futures
import os
import pathlib
import subprocess
import tempfile
import time
import unittest

from probes import needs
from support import EndToEndTest, Exporter, descriptors, wait_until

CONFIG = """
[exporter.defaults]
env = { MARK = "TOKEN" }
timeout = "1s"
grace = "200ms"

[[collector]]
name = "good"
shell = "echo 42"
format = "number"
metric = [{ name = "good_value", help = "Always 42." }]

[[collector]]
name = "hangs"
shell = "echo half done; sleep 31"
format = "prometheus"

[[collector]]
name = "fails"
shell = "echo the disk is gone >&2; exit 3"
format = "prometheus"

[[collector]]
name = "floods"
shell = "yes"
format = "prometheus"

[[collector]]
name = "garbage"
shell = "head -c 3000 /dev/urandom"
format = "prometheus"

[[collector]]
name = "twice"
shell = "echo 'twice_value 1'; echo 'twice_value 2'"
format = "prometheus"

[[collector]]
name = "other_type"
shell = "echo '# TYPE good_value counter'; echo 'good_value 7'; echo 'own_value 8'"
format = "prometheus"

[[collector]]
name = "help_newline"
shell = "echo 1"
format = "number"
metric = [{ name = "help_newline_value", help = "first\\nsecond \\\\ third" }]

[[collector]]
name = "bare_up"
shell = "echo 'up 5'; echo 'beside_up 6'"
format = "prometheus"

[[collector]]
name = "no_program"
command = ["/nonexistent/program"]
format = "prometheus"

[[collector]]
name = "killed"
shell = "kill -SEGV $$"
format = "prometheus"

[[collector]]
name = "not_a_number"
shell = "echo twelve"
format = "number"
metric = [{ name = "not_a_number_value", help = "Never." }]

[[collector]]
name = "daemon"
shell = "(setsid sleep 31.1415 >/dev/null 2>&1 </dev/null &); echo 'daemon_value 1'"
format = "prometheus"
"""

REASONS = {"hangs": "timeout", "fails": "exit_status",
           "floods": "output_limit", "garbage": "parse", "twice": "duplicate",
           "no_program": "spawn", "killed": "signal", "not_a_number": "parse"}
GOOD = {"good_value": 42, "help_newline_value": 1, "own_value": 8,
        "beside_up": 6, "daemon_value": 1}


class EachAlone(EndToEndTest):
    def setUp(self):
        self.exporter = Exporter(CONFIG)
        self.exporter.__enter__()
        self.addCleanup(self.exporter.__exit__)

    def test_one_failing_collector_costs_itself_only(self):
        start = time.monotonic()
        answer = self.exporter.scrape(
            X_Prometheus_Scrape_Timeout_Seconds="10")
        self.assertLess(time.monotonic() - start, 9)
        for name, value in GOOD.items():
            self.assertEqual(answer.value(name), value)
        for collector, reason in REASONS.items():
            self.assertEqual(answer.up(collector), 0, collector)
            self.assertEqual(answer.failures(collector), {reason: 1})
        self.assertEqual(answer.values("up"), [])
        self.assertEqual(answer.values("twice_value"), [])
        for collector, reason in (("bare_up", "reserved"),
                                  ("other_type", "type_conflict")):
            self.assertEqual(answer.up(collector), 1)
            self.assertEqual(answer.value(
                "command_exporter_collector_dropped_samples_by_reason",
                collector=collector, reason=reason), 1)
        self.assertIn(r"# HELP help_newline_value first\nsecond \\ third",
                      answer.text)
        self.assert_nothing_left(self.exporter, seconds=3)

    def test_a_scrape_is_answered_before_its_own_deadline(self):
        # On a busy machine this client itself may be late: not each time.
        for attempt in range(1, 11):
            start = time.monotonic()
            answer = self.exporter.scrape(
                X_Prometheus_Scrape_Timeout_Seconds="0.8")
            seconds = time.monotonic() - start
            self.assertEqual(answer.failures("hangs"), {"timeout": attempt})
            self.assert_nothing_left(self.exporter, seconds=3)
            if seconds < 0.8 and answer.values("good_value"):
                break
        self.assertLess(seconds, 0.8)
        self.assertEqual(answer.value("good_value"), 42)

    def test_the_log_says_why_once(self):
        self.exporter.scrape()
        self.exporter.scrape()
        log = self.exporter.log()
        config = self.exporter.config
        row = CONFIG[:CONFIG.index('name = "hangs"')].count("\n")
        line = ('level=WARN collector=hangs reason=timeout msg="killed after '
                '1s; it printed 10 bytes, last line: \\"half done\\"" '
                f'config={config}:{row}:1')
        self.assertEqual(log.count(line), 1, log)
        for collector, reason in REASONS.items():
            self.assertEqual(
                log.count(f"collector={collector} reason={reason} "), 1, log)
        self.assertIn("the disk is gone", log)

    def test_promtool_accepts_the_whole_answer(self):
        text = self.exporter.scrape().text
        check = subprocess.run(["promtool", "check", "metrics"], input=text,
                               capture_output=True, text=True, check=False)
        self.assertEqual((check.returncode, check.stdout + check.stderr),
                         (0, ""), text)

    @needs("root")
    def test_descriptors_and_processes_do_not_grow(self):
        self.exporter.scrape()
        self.assert_nothing_left(self.exporter, seconds=3)
        roles = [self.exporter.guardian(), self.exporter.role("launcher"),
                 self.exporter.role("web")]
        before = [descriptors(pid) for pid in roles]
        self.assertGreater(min(before), 2, "may be read")
        for _ in range(5):
            last = self.exporter.scrape()
        self.assert_nothing_left(self.exporter, seconds=3)
        # A kept connection of the client may be open, or be closed by now.
        wait_until(lambda: [descriptors(pid) for pid in roles] == before, 10,
                   f"the descriptors are as before: {before}")
        self.assertEqual(last.value("command_exporter_launcher_restarts_total"),
                         0)


class SharedRuns(EndToEndTest):
    CONFIG = """
    [[collector]]
    name = "slow"
    shell = "echo run >> \\"$LIST\\"; sleep 1; echo 1"
    env = { LIST = "FOLDER/TOKEN", MARK = "TOKEN" }
    format = "number"
    metric = [{ name = "slow_value", help = "One." }]
    """

    def test_overlapping_scrapes_share_one_run(self):
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            config = self.CONFIG.replace("FOLDER", folder)
            with Exporter(config) as exporter:
                with concurrent.futures.ThreadPoolExecutor() as pool:
                    answers = list(pool.map(
                        lambda _: exporter.scrape(), range(5)))
                for answer in answers:
                    self.assertEqual(answer.value("slow_value"), 1)
                runs = pathlib.Path(folder, exporter.token).read_text()
                self.assertEqual(runs, "run\n")
                self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
