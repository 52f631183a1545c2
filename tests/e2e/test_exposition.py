"""The whole answer is valid in every form that a client may request."""

import gzip
import subprocess
import unittest
import urllib.request

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

from support import EndToEndTest, Exporter

ACCEPT_2 = ("application/openmetrics-text;version=1.0.0,"
            "application/openmetrics-text;version=0.0.1;q=0.75,"
            "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")
ACCEPT_3 = ("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;"
            "q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,"
            "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,"
            "text/plain;version=0.0.4;q=0.3,*/*;q=0.2")
TEXT = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"
# The answer for a client without escaping, for one with another escaping, and
# for one that accepts quoted names: the content type, and whether there are any.
ESCAPINGS = (
    (ACCEPT_2, OPENMETRICS, False),
    (ACCEPT_3.replace("allow-utf-8", "underscores"),
     OPENMETRICS + "; escaping=underscores", False),
    (ACCEPT_3.replace("allow-utf-8", "values"),
     OPENMETRICS + "; escaping=underscores", False),
    (ACCEPT_3, OPENMETRICS + "; escaping=allow-utf-8", True),
    ("text/plain;version=0.0.4", TEXT, False),
    ("text/plain;version=1.0.0;escaping=allow-utf-8",
     "text/plain; version=1.0.0; escaping=allow-utf-8", True))

# Names that are legal in the text format and clash in OpenMetrics, and a
# collector whose metrics clash with another one's.
CONFIG = """
[[collector]]
name = "first"
format = "prometheus"
shell = '''cat <<END
# TYPE jobs gauge
jobs 1
# TYPE jobs_total counter
jobs_total{queue="a \\\\"b\\\\" \\\\\\\\ # {c}"} 2
# TYPE low counter
low -1
# TYPE took_seconds histogram
took_seconds_bucket{le="1"} 1
took_seconds_bucket{le="+Inf"} 2
took_seconds_sum 3
took_seconds_count 2
# TYPE took_seconds_created gauge
took_seconds_created 1.5e9
# HELP below Values "below" zero.
# TYPE below summary
below{quantile="0.5"} -1
below_sum -2
below_count 2
END'''

[[collector]]
name = "second"
format = "prometheus"
shell = "echo '# TYPE jobs counter'; echo 'jobs 1'; echo 'alone 1'"

[[collector]]
name = "quotes"
format = "prometheus"
shell = '''cat <<END
# HELP "disk.free" Größe.
# TYPE "disk.free" gauge
{"disk.free",mount="/","fs type"="ext4"} 1
{"command.exporter.x"} 2
disk_free 3
END'''

[[collector]]
name = "fails"
shell = "exit 3"
format = "number"
metric = [{ name = "never_value", help = "Never." }]
"""


def series(families):
    return {(sample.name, tuple(sorted(sample.labels.items())))
            for family in families for sample in family.samples
            if "bucket" not in sample.name}


class Exposition(EndToEndTest):
    @classmethod
    def setUpClass(cls):
        cls.exporter = Exporter(CONFIG)
        cls.exporter.__enter__()
        cls.addClassCleanup(cls.exporter.__exit__)

    def ask(self, accept, method="GET", **headers):
        request = urllib.request.Request(
            f"http://{self.exporter.address}/metrics", method=method,
            headers={"Accept": accept, **headers})
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.headers, answer.read()

    def test_names_in_quotes_go_to_who_takes_them(self):
        for accept, content_type, quoted in ESCAPINGS:
            headers, body = self.ask(accept)
            self.assertEqual(headers["Content-Type"], content_type)
            lines = body.decode().split("\n")
            wanted = (['# HELP "disk.free" Größe.',
                       '# TYPE "disk.free" gauge',
                       '{"disk.free",mount="/","fs type"="ext4"} 1']
                      if quoted else
                      ["# HELP disk_free Größe.", "# TYPE disk_free gauge",
                       'disk_free{mount="/",fs_type="ext4"} 1'])
            for line in wanted:
                self.assertIn(line, lines)
            # Whoever asks, the same is left out.
            for reason in ("duplicate", "reserved"):
                self.assertIn(
                    "command_exporter_collector_dropped_samples_by_reason"
                    f'{{collector="quotes",reason="{reason}"}} 1', lines)
            self.assertNotIn("disk_free 3", lines)
        log = self.exporter.log()
        self.assertIn('\\"command.exporter.x\\" (without quotes: '
                      "command_exporter_x): this name belongs to", log)
        self.assertIn("disk_free: without quotes it has the name of "
                      '\\"disk.free\\", which is already there', log)

    def test_every_older_prometheus_gets_strict_openmetrics(self):
        for accept, content_type, quoted in ESCAPINGS:
            if quoted or not content_type.startswith(OPENMETRICS):
                continue
            headers, body = self.ask(accept)
            self.assertEqual(headers["Content-Type"], content_type)
            families = list(openmetrics_parser.text_string_to_metric_families(
                body.decode()))
            types = {family.name: family.type for family in families}
            self.assertGreater(len(families), 30)
            self.assertEqual(types["command_exporter_collector_runs"],
                             "counter")
            self.assertEqual(
                types["command_exporter_http_request_duration_seconds"],
                "histogram")
            self.assertEqual(types["jobs_total"], "unknown")
            self.assertEqual(types["below"], "unknown")
            units = {family.name: family.unit for family in families}
            self.assertEqual(units["process_resident_memory_bytes"], "bytes")
            self.assertEqual(
                units["command_exporter_collector_cpu_seconds"], "seconds")

    def test_the_text_format_is_valid_and_has_the_same_series(self):
        headers, body = self.ask("*/*")
        self.assertEqual(headers["Content-Type"], TEXT)
        self.assertEqual(headers["Vary"], "Accept, Accept-Encoding")
        families = list(text_parser.text_string_to_metric_families(
            body.decode()))
        self.assertGreater(len(families), 30)
        check = subprocess.run(["promtool", "check", "metrics"], input=body,
                               capture_output=True, check=False)
        # Lint (3) is the business of the commands above; 1 is a bad line.
        self.assertEqual(check.returncode, 3, check.stderr)
        for name in ("command_exporter", "process_"):
            self.assertNotIn(name, check.stderr.decode())
        _, strict = self.ask(ACCEPT_2)
        # The reader of the text format adds _total to counters without.
        self.assertEqual(
            {(name.replace("low_total", "low"), labels)
             for name, labels in series(families)},
            series(openmetrics_parser.text_string_to_metric_families(
                strict.decode())))

    def test_gzip_is_the_same_answer_packed(self):
        for coding in ("gzip", "deflate, gzip;q=0.5"):
            headers, body = self.ask(ACCEPT_2, **{"Accept-Encoding": coding})
            self.assertEqual(headers["Content-Encoding"], "gzip")
            self.assertEqual(int(headers["Content-Length"]), len(body))
            text = gzip.decompress(body).decode()
            self.assertTrue(text.endswith("\n# EOF\n"))
            self.assertIn("\njobs 1\n", text)
            self.assertLess(len(body) * 3, len(text))
        headers, body = self.ask("", **{"Accept-Encoding": "gzip;q=0"})
        self.assertIsNone(headers["Content-Encoding"])
        self.assertIn(b"\njobs 1\n", body)

    def test_head_names_the_format_and_runs_nothing(self):
        def runs():
            text = self.exporter.scrape()
            return text.value("command_exporter_collector_runs_total",
                              collector="first")
        before = runs()
        headers, body = self.ask(ACCEPT_2, "HEAD",
                                 **{"Accept-Encoding": "gzip"})
        self.assertEqual((headers["Content-Type"], body), (OPENMETRICS, b""))
        self.assertEqual(runs() - before, 1)


class SameConflict(EndToEndTest):
    def test_a_conflict_is_the_same_on_100_scrapes_and_one_line(self):
        with Exporter(CONFIG) as exporter:
            answers = set()
            for _ in range(100):
                text = exporter.scrape().text
                answers.add("\n".join(
                    line for line in text.splitlines()
                    if "command_exporter" not in line and
                    "process_" not in line))
                self.assertIn(
                    'command_exporter_collector_dropped_samples_by_reason{'
                    'collector="second",reason="type_conflict"} 1\n', text)
            self.assertEqual(len(answers), 1)
            self.assertIn("\njobs 1\n", answers.pop())
            lines = [line for line in exporter.log().splitlines()
                     if "reason=type_conflict" in line]
            self.assertEqual(len(lines), 1, exporter.log())
            self.assertIn("collector=second", lines[0])
            self.assert_nothing_left(exporter)
            self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
