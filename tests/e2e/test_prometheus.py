"""A real Prometheus scrapes the exporter."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.parse
import urllib.request

from probes import needs
from support import EndToEndTest, Exporter, wait_until

CONFIG = """
[[collector]]
name = "counts"
shell = "echo 'jobs_done_total 12'; echo 'queue_length 0.57'"
format = "key_value"
env = { MARK = "TOKEN" }

[[collector]]
name = "fails"
shell = "exit 3"
env = { MARK = "TOKEN" }
format = "number"
metric = [{ name = "never_value", help = "Never." }]

[[collector]]
name = "helped"
shell = "echo 57"
format = "number"
unit = "percent"
env = { MARK = "TOKEN" }
metric = [{ name = "helped_ratio", help = "A \\"quoted\\" \\\\ help.\\nSecond line." }]
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus:
    """Debian's prometheus, scraping one target each second."""

    def __init__(self, target):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="prometheus_e2e_"))
        (self.folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
            "scrape_configs:\n"
            "  - job_name: commands\n"
            f"    static_configs: [{{targets: ['{target}']}}]\n")
        self.url = f"http://127.0.0.1:{free_port()}"

    def __enter__(self):
        with open(self.folder / "log", "w") as log:
            self.process = subprocess.Popen(
                ["prometheus", f"--config.file={self.folder}/prometheus.yml",
                 f"--storage.tsdb.path={self.folder}/data",
                 f"--web.listen-address={self.url[7:]}"],
                stdout=log, stderr=log, cwd=self.folder,
                env=dict(os.environ, HOME=str(self.folder)))
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def api(self, path, **query):
        url = f"{self.url}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)["data"]
        except (urllib.error.URLError, ConnectionError):
            return None

    def query(self, expression):
        data = self.api("query", query=expression) or {"result": []}
        return {tuple(sorted((k, v) for k, v in row["metric"].items()
                             if k not in ("__name__", "instance", "job"))):
                float(row["value"][1]) for row in data["result"]}


@needs("prometheus")
class RealPrometheus(EndToEndTest):
    def test_it_is_a_healthy_target_with_a_failing_collector(self):
        with Exporter(CONFIG) as exporter:
            with Prometheus(exporter.address) as server:
                self.check_target(server)
            self.assert_nothing_left(exporter)
            self.assert_stops(exporter)

    def check_target(self, server):
        wait_until(lambda: server.query("queue_length"), 60, "a sample")
        targets = server.api("targets")["activeTargets"]
        self.assertEqual([(t["health"], t["lastError"]) for t in targets],
                         [("up", "")])
        self.assertEqual(server.query("up"), {(): 1})
        self.assertEqual(server.query("jobs_done_total"), {(): 12})
        self.assertEqual(server.query("queue_length"), {(): 0.57})
        self.assertEqual(server.query("helped_ratio"), {(): 0.57})
        self.assertEqual(server.query("never_value"), {})
        self.assertEqual(
            server.query("command_exporter_collector_up"),
            {(("collector", "counts"),): 1, (("collector", "fails"),): 0,
             (("collector", "helped"),): 1})
        reasons = server.query(
            'command_exporter_collector_failures_by_reason_total'
            '{collector="fails"} > 0')
        self.assertEqual([dict(key)["reason"] for key in reasons],
                         ["exit_status"])
        self.check_metadata(server)

    def check_metadata(self, server):
        found = server.api("targets/metadata")
        metadata = {row["metric"]: (row["type"], row["help"]) for row in found}
        self.assertEqual(metadata["jobs_done"],  # so it is called there
                         ("counter", 'From collector "counts".'))
        self.assertEqual(metadata["helped_ratio"],
                         ("gauge", 'A "quoted" \\ help.\nSecond line.'))
        self.assertEqual(
            metadata["command_exporter_http_request_duration_seconds"][0],
            "histogram")
        # Only OpenMetrics has units, and Prometheus requests and gets it.
        units = {row["metric"]: row["unit"] for row in found}
        self.assertEqual(units["helped_ratio"], "ratio")
        self.assertEqual(units["process_resident_memory_bytes"], "bytes")
        self.assertEqual(units["jobs_done"], "")


if __name__ == "__main__":
    unittest.main()
