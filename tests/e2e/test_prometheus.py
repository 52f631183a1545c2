"""A real Prometheus scrapes the exporter."""

import unittest

from probes import needs
from prometheus_server import Prometheus
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
