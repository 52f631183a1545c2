"""The surface for people and monitoring systems: pages, addresses, documents."""

import re
import socket
import subprocess
import tempfile
import unittest

from probes import needs
from support import PROGRAM, SOURCE, EndToEndTest, Exporter

CONFIG = """
[[collector]]
name = "counts"
description = "Counts <things> & more"
shell = "echo 'things_total 12'"
format = "key_value"

[[collector]]
name = "pinged"
command = ["echo", "{target}"]
matrix = { target = ["1", "2"] }
format = "number"
metric = [{ name = "pinged_value", help = "The target." }]

[[collector]]
name = "fails"
every = "1h"
command = ["false"]
format = "exit_code"
success_exit_codes = [0]
metric = [{ name = "fails_value" }]
"""

JSON = """
[[collector]]
name = "answer"
command = ["echo", "{}"]
format = "json"
fields = { n = "42" }
metric = [{ name = "answer_count", value = "n" }]
"""


class Pages(EndToEndTest):
    @classmethod
    def setUpClass(cls):
        cls.exporter = Exporter(CONFIG, "--collector.all-series")
        cls.exporter.__enter__()
        cls.addClassCleanup(cls.exporter.__exit__)

    def test_every_exported_metric_is_documented_and_the_reverse(self):
        self.exporter.scrape()
        text = self.exporter.scrape().text
        document = (SOURCE / "docs" / "metrics.md").read_text()
        ours = r"\b(?:command_exporter|process)_[a-z_]+\b"
        exported = {name for name in re.findall(
            r"^# TYPE (\S+)", text, re.M) if re.fullmatch(ours, name)}
        described = set(re.findall(rf"`({ours})(?:\{{[^`]*\}})?`", document))
        self.assertGreater(len(exported), 25)
        self.assertEqual(exported - described, set(), "not documented")
        self.assertEqual(described - exported, set(), "not exported")

    def test_promtool_finds_nothing(self):
        text = self.exporter.scrape().text
        check = subprocess.run(["promtool", "check", "metrics"], input=text,
                               capture_output=True, text=True, check=False)
        self.assertEqual((check.returncode, check.stderr), (0, ""))

    def test_health_and_unknown_paths(self):
        status, _, text = self.exporter.get("/-/healthy")
        self.assertEqual((status, text), (200, "Healthy\n"))
        self.assertEqual(self.exporter.get("/nothing")[0], 404)

    def test_an_unknown_parameter_or_collector_is_refused_by_name(self):
        for query in ("collect[]=cuonts", "collect%5B%5D=cuonts"):
            status, headers, text = self.exporter.get(f"/metrics?{query}")
            self.assertEqual((status, headers.get_content_type()),
                             (400, "text/plain"))
            self.assertIn('there is no collector "cuonts"; did you mean '
                          '"counts"?', text)
        self.assertEqual(self.exporter.get("/metrics?")[0], 200)
        self.assertEqual(self.exporter.get("/-/healthy?x=1")[0], 200)
        self.assertEqual(self.exporter.get("/?x=1")[0], 200)
        with socket.create_connection(
                self.exporter.address.rsplit(":", 1)) as client:
            client.sendall(b"HEAD /metrics?x=1 HTTP/1.0\r\n\r\n")
            self.assertTrue(client.recv(100).startswith(b"HTTP/1.1 400 "))

    def test_ps_shows_what_the_architecture_lists(self):
        document = (SOURCE / "docs" / "architecture.md").read_text()
        listing = re.search(r"^USER +PID.*?^```", document, re.M | re.S)[0]
        listed = {line.split()[4] for line in listing.splitlines()[1:-1]}
        with Exporter(CONFIG + JSON) as exporter:
            exporter.scrape()
            exporter.jq_process()
            table = subprocess.run(["ps", "-eo", "pid,ppid,comm"], text=True,
                                   capture_output=True, check=True).stdout
            rows = [line.split(None, 2) for line in table.splitlines()]
            tree = {str(exporter.guardian())}
            for _ in listed:
                tree |= {pid for pid, parent, _ in rows if parent in tree}
            names = [name for pid, _, name in rows if pid in tree]
        self.assertEqual(sorted(names), sorted(listed))

    @needs("chromium")
    def test_a_browser_shows_the_landing_page(self):
        with tempfile.TemporaryDirectory() as profile:
            page = subprocess.run(
                ["chromium", "--headless", "--no-sandbox", "--disable-gpu",
                 "--disable-quic", "--no-first-run", "--disable-sync",
                 "--disable-background-networking",
                 "--disable-component-update", f"--user-data-dir={profile}",
                 "--dump-dom", f"http://{self.exporter.address}/"],
                capture_output=True, text=True, timeout=120, check=True).stdout
        self.assertIn("<h1>command_exporter</h1>", page)
        self.assertRegex(page, r'<a href="[^"]*metrics">')
        self.assertIn("Counts &lt;things&gt; &amp; more", page)
        self.assertIn("pinged", page)


class Addresses(EndToEndTest):
    @needs("ipv6")
    def test_ipv4_and_ipv6_are_served_side_by_side(self):
        with Exporter(CONFIG, "--web.listen-address=[::1]:0") as exporter:
            found = re.findall(r'msg="Listening on"[^\n]*?address="?([^"\s]+)',
                               exporter.log())
            self.assertEqual(len(found), 2, exporter.log())
            for exporter.address in found:
                self.assertEqual(
                    exporter.scrape().value("things_total"), 12)
            self.assertEqual(exporter.stop(), 0)

    def test_a_port_in_use_is_explained(self):
        with socket.create_server(("127.0.0.1", 0)) as taken, \
                tempfile.NamedTemporaryFile("w", suffix=".toml") as config:
            address = "127.0.0.1:%d" % taken.getsockname()[1]
            config.write(CONFIG)
            config.flush()
            ended = subprocess.run(
                [PROGRAM, f"--config.file={config.name}",
                 f"--web.listen-address={address}"],
                capture_output=True, text=True, timeout=30, check=False)
            self.assertEqual(ended.returncode, 1)
            for words in (address, "in use", "HAProxy", "Bacula",
                          "--web.listen-address"):
                self.assertIn(words, ended.stderr)


if __name__ == "__main__":
    unittest.main()
