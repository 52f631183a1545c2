"""Formats in a whole scrape: an endless jq program, and real monitoring
plugins."""

import json
import os
import pathlib
import signal
import subprocess
import time
import unittest

from support import (EndToEndTest, Exporter, descendants, parent_and_state,
                     wait_until)

# `def f: f; f` neither ends nor asks for memory: it cannot be interrupted.
ENDLESS = """
[exporter.defaults]
env = { MARK = "TOKEN" }
timeout = "1s"

[[collector]]
name = "good"
shell = "echo '{\\"a\\": 42}'"
format = "json"
metric = [{ name = "good_value", value = "a" }]

[[collector]]
name = "endless"
shell = "echo 1"
format = "json"
items = "PROGRAM"
metric = [{ name = "endless_value" }]

[[collector]]
name = "greedy"
shell = "echo 1"
format = "json"
items = "[repeat(.)]"
metric = [{ name = "greedy_value" }]
"""

PLUGINS = pathlib.Path("/usr/lib/nagios/plugins")
CHECKS = {
    "load": ["check_load", "-w", "900,900,900", "-c", "990,990,990"],
    "procs": ["check_procs", "-w", "1:50000", "-c", "1:60000"],
    "disk": ["check_disk", "-w", "1%", "-c", "1%", "-p", "/"],
    "users": ["check_users", "-w", "500", "-c", "1000"],
    "dummy": ["check_dummy", "1", "asked for"],
    "swap": ["check_swap", "-w", "1%", "-c", "1%"],
    "file_age": ["check_file_age", "-w", "1", "-c", "9999999999",
                 "-f", "/etc/passwd"],
    "ping": ["check_ping", "-H", "127.0.0.1", "-w", "3000,80%", "-c",
             "4000,90%", "-p", "1"],
    "tcp": ["check_tcp", "-H", "127.0.0.1", "-p", "1"],
    "ssh": ["check_ssh", "-p", "1", "127.0.0.1"],
    "http": ["check_http", "-H", "127.0.0.1", "-p", "1"],
    "log": ["check_log", "-F", "/nonexistent", "-O", "/nonexistent",
            "-q", "x"],
}


class EndlessJq(EndToEndTest):
    def test_it_costs_its_collector_and_no_scrape(self):
        config = ENDLESS.replace("PROGRAM", "def f: f; f")
        with Exporter(config) as exporter:
            # The first use of a program compiles it.
            wait_until(lambda: exporter.scrape().up("good") == 1, 20, "good")
            for _ in range(3):
                started = time.monotonic()
                answer = exporter.scrape()
                self.assertLess(time.monotonic() - started, 8)
                self.assertEqual(answer.value("good_value"), 42)
                self.assertEqual(answer.up("endless"), 0)
            self.assertEqual(set(answer.failures("endless")), {"timeout"})
            self.assertLessEqual(set(answer.failures("greedy")),
                                 {"parse", "timeout"})
            self.assertNotIn("command_exporter_collector_stuck", answer.text)
            # A reload that fixes it runs it again.
            exporter.write(ENDLESS.replace("PROGRAM", ". + 1"))
            exporter.process.send_signal(1)
            wait_until(lambda: exporter.scrape().up("endless") == 1, 20,
                       "the fixed one is up")
            started = time.monotonic()
            self.assert_stops(exporter)
            self.assertLess(time.monotonic() - started, 12)


class AbandonedJq(EndToEndTest):
    def test_scrapes_that_are_over_leave_nothing_to_evaluate(self):
        config = ENDLESS.replace("PROGRAM", "def f: f; f").replace(
            'timeout = "1s"', 'timeout = "1m"')
        with Exporter(config) as exporter:
            wait_until(lambda: exporter.scrape(
                X_Prometheus_Scrape_Timeout_Seconds="3").up("good") == 1,
                20, "good")
            for _ in range(3):
                answer = exporter.scrape(
                    X_Prometheus_Scrape_Timeout_Seconds="1")
                self.assertEqual(answer.up("good"), 1)
                self.assertEqual(answer.up("endless"), 0)
            wait_until(lambda: not descendants(exporter.jq_process()), 5,
                       "no evaluation is left")
            self.assert_stops(exporter)


class JqProcess(EndToEndTest):
    def test_another_takes_its_place(self):
        config = ENDLESS.replace("PROGRAM", ".")
        with Exporter(config) as exporter:
            wait_until(lambda: exporter.scrape().up("good") == 1, 20, "good")
            seen = set()
            # Stopped, it does not answer; the run's time and some patience
            # pass.
            for number in (signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP):
                jq = exporter.jq_process()
                self.assertNotIn(jq, seen)
                seen.add(jq)
                os.kill(jq, number)
                wait_until(lambda: exporter.scrape().up("good") == 1, 40,
                           f"good after signal {number}")
                self.assertEqual(exporter.scrape().value("good_value"), 42)
                wait_until(lambda: parent_and_state(jq)[0] == 0, 5, "reaped")
            self.assert_stops(exporter)


class JqKeeper(EndToEndTest):
    def test_its_death_costs_the_runs_with_jq_and_tells_what_to_do(self):
        config = ENDLESS.replace("PROGRAM", ".") + (
            '[[collector]]\nname = "plain"\nshell = "echo 7"\n'
            'format = "number"\nmetric = [{ name = "plain_value" }]\n')
        with Exporter(config) as exporter:
            keeper = exporter.jq_keeper()
            wait_until(lambda: exporter.scrape().up("good") == 1, 20, "good")
            nursery = exporter.jq_process()
            os.kill(keeper, signal.SIGKILL)
            for pid in (nursery, keeper):
                wait_until(lambda pid=pid: parent_and_state(pid)[0] == 0, 5,
                           "it is gone")
            for _ in range(2):
                answer = exporter.scrape()
                self.assertEqual(answer.up("good"), 0)
                self.assertEqual(set(answer.failures("good")), {"parse"})
                self.assertEqual(answer.value("plain_value"), 7)
            self.assertIn("restart the exporter", exporter.log())
            web = exporter.role("web")
            self.assertEqual(descendants(web), set())
            self.assert_stops(exporter)


class MonitoringPlugins(EndToEndTest):
    def test_state_and_data_are_what_the_plugin_says(self):
        checks = {name: [str(PLUGINS / words[0]), *words[1:]]
                  for name, words in CHECKS.items()}
        config = "".join(
            f'[[collector]]\nname = "{name}"\ntimeout = "9s"\n'
            f'format = "nagios"\nenv = {{ MARK = "TOKEN" }}\n'
            f'command = {json.dumps(command)}\n'
            for name, command in checks.items())
        with Exporter(config) as exporter:
            answer = exporter.scrape()
            for name, command in checks.items():
                state = subprocess.run(
                    command, capture_output=True, check=False,
                    env={"LC_ALL": "C.UTF-8", "PATH":
                         "/usr/sbin:/usr/bin:/sbin:/bin"}).returncode
                with self.subTest(name):
                    self.assertEqual(answer.up(name), 1, exporter.log())
                    self.assertEqual(answer.value("nagios_state", check=name),
                                     state)
            for label in ("load1", "load5", "load15"):
                self.assertGreaterEqual(answer.value(
                    "nagios_perfdata", check="load", label=label), 0)
                self.assertEqual(answer.value(
                    "nagios_perfdata_limit", check="load", label=label,
                    limit="warn_high"), 900)
            self.assertGreater(answer.value("nagios_perfdata_bytes",
                                            check="disk", label="/"), 0)
            self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
