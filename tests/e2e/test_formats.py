"""Formats as a scrape meets them: a jq program without an end, and real
monitoring plugins."""

import json
import pathlib
import subprocess
import time
import unittest

from support import EndToEndTest, Exporter, wait_until

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
            wait_until(lambda: "stuck" in exporter.scrape().failures("endless"),
                       20, "the endless one is stuck")
            started = time.monotonic()
            answer = exporter.scrape()
            self.assertLess(time.monotonic() - started, 8)
            self.assertEqual(answer.value("good_value"), 42)
            self.assertEqual(answer.up("endless"), 0)
            self.assertEqual(answer.value("command_exporter_collector_stuck",
                                          collector="endless"), 1)
            self.assertEqual(answer.failures("endless").get("timeout"), 1)
            self.assertLessEqual(set(answer.failures("greedy")),
                                 {"parse", "timeout"})
            self.assertEqual(answer.value("command_exporter_collector_stuck",
                                          collector="greedy"), 0)
            # A reload that mends it runs it again.
            exporter.write(ENDLESS.replace("PROGRAM", ". + 1"))
            exporter.process.send_signal(1)
            wait_until(lambda: exporter.scrape().up("endless") == 1, 20,
                       "the mended one is up")
            started = time.monotonic()
            self.assert_stops(exporter)
            self.assertLess(time.monotonic() - started, 12)


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
