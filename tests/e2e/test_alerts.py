"""The alerts of docs/metrics.md, on what the exporter really exposes."""

import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from support import SOURCE, EndToEndTest, Exporter

MINUTES = 40
COLLECTORS = ("steady", "breaks", "flaps", "fails")
SELF = re.compile(r"^command_exporter_collector_")


def config(folder):
    """Each file is the collector's health."""
    return "".join(
        f'[[collector]]\nname = "{name}"\nenv = {{ MARK = "TOKEN" }}\n'
        f'command = ["cat", "{folder}/{name}"]\nformat = "number"\n'
        f'metric = [{{ name = "{name}_value" }}]\n' for name in COLLECTORS)


def is_healthy(name, minute):
    return {"steady": True, "breaks": minute != 20, "flaps": minute % 4 != 0,
            "fails": False}[name]


def documented_rules():
    text = (SOURCE / "docs/metrics.md").read_text()
    return re.search(r"Alerts to begin with:\n\n```yaml\n(.*?)```", text, re.S)[1]


class Alerts(EndToEndTest):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, 0o755)
        self.folder = pathlib.Path(folder.name)

    def test_a_healthy_collector_has_eleven_series(self):
        (self.folder / "steady").write_text("1\n")
        with Exporter(config(self.folder)) as exporter:
            for _ in range(2):
                answer = exporter.scrape()
            own = [name for name, labels, _ in answer.samples
                   if SELF.match(name) and labels["collector"] == "steady"]
            self.assertEqual(len(own), 11)
            self.assertEqual(len(set(own)), 11)

    def test_the_alerts_fire_when_they_should(self):
        series = self.scrape_each_minute()
        tests = [
            # The first failure of a collector that was well.
            ("19m", "CollectorFailed", ["flaps", "fails"]),
            ("21m", "CollectorFailed", ["breaks", "flaps", "fails"]),
            ("10m", "CollectorDown", []),
            # A collector that is new and fails at once.
            ("16m", "CollectorDown", ["fails"]),
            ("38m", "CollectorDown", ["fails"]),
            ("38m", "CollectorFlaps", ["flaps", "fails"]),
            ("38m", "CollectorLosesSamples", []),
        ]
        self.check_rules(series, tests)

    def check_rules(self, series, tests):
        rules = documented_rules()
        for _, alert, _ in tests:
            self.assertIn(f"alert: {alert}\n", rules)
        (self.folder / "rules.yml").write_text(
            "groups:\n- name: documented\n  rules:\n" +
            "".join(f"  {line}\n" for line in rules.splitlines()))
        (self.folder / "test.yml").write_text(
            "rule_files: [rules.yml]\nevaluation_interval: 1m\n"
            "tests:\n- interval: 1m\n  input_series:\n" +
            "".join(f"  - series: '{name}'\n    values: '{values}'\n"
                    for name, values in series.items()) +
            "  alert_rule_test:\n" + "".join(
                f"  - eval_time: {when}\n    alertname: {alert}\n" +
                "    exp_alerts:\n" * bool(who) + "".join(
                    f"    - exp_labels: {{collector: {name}}}\n"
                    for name in who) for when, alert, who in tests))
        check = subprocess.run(
            ["promtool", "test", "rules", self.folder / "test.yml"],
            capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(check.returncode, 0, check.stdout + check.stderr)
        self.assertIn("SUCCESS", check.stdout + check.stderr)

    def test_the_alerts_of_times_fire_when_they_should(self):
        """On series that no real collector gives in minutes."""
        prefix = "command_exporter_collector_"
        series = {}
        for name, seconds in (("near", 4.5), ("quick", 0.1)):
            series[f'{prefix}scrape_duration_seconds{{collector="{name}"}}'] = (
                f"{seconds}x120")
            series[f'{prefix}timeout_seconds{{collector="{name}"}}'] = "5x120"
        # Successful each 10 minutes; the last time at 20 minutes; never.
        every = f'{prefix}interval_seconds{{collector="NAME"}}'
        last = f'{prefix}last_success_timestamp_seconds{{collector="NAME"}}'
        for name, values in (
                ("fresh", " ".join(f"{600 * i}x9" for i in range(12))),
                ("stops", "0x9 600x9 1200x99"), ("never", "0x120")):
            series[every.replace("NAME", name)] = "600x120"
            series[last.replace("NAME", name)] = values
        self.check_rules(series, [
            ("14m", "CollectorNearTimeout", []),
            ("20m", "CollectorNearTimeout", ["near"]),
            ("20m", "CollectorStale", []),
            ("40m", "CollectorStale", ["never"]),
            ("52m", "CollectorStale", ["stops", "never"]),
        ])

    def scrape_each_minute(self):
        """The values of each series, `_` where it was absent."""
        series = {}
        with Exporter(config(self.folder)) as exporter:
            for minute in range(MINUTES):
                for name in COLLECTORS:
                    file = self.folder / name
                    if is_healthy(name, minute):
                        file.write_text("1\n")
                    else:
                        file.unlink(missing_ok=True)
                for name, labels, value in exporter.scrape().samples:
                    if SELF.match(name):
                        text = ",".join(f'{key}="{labels[key]}"'
                                        for key in sorted(labels))
                        values = series.setdefault(f"{name}{{{text}}}",
                                                   ["_"] * MINUTES)
                        values[minute] = f"{value:.9g}"
        self.assertGreater(len(series), 11 * len(COLLECTORS))
        return {name: " ".join(values) for name, values in series.items()}


if __name__ == "__main__":
    unittest.main()
