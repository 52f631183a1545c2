"""Existing scripts, run through the exporter.

Debian's prometheus-node-exporter-collectors print the Prometheus format for
node_exporter's textfile collector; the exporter must give the same samples.
"""

import json
import pathlib
import subprocess
import tempfile
import unittest
import urllib.error
import urllib.request

from support import EndToEndTest, Exporter, Exposition, wait_until
from prometheus_server import free_port

SCRIPTS = pathlib.Path("/usr/share/prometheus-node-exporter-collectors")
PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
# Scripts that print samples on any Debian machine: they need neither special
# hardware nor a service.
ANYWHERE = {"apt_info.py", "directory-size.sh", "pacman.sh",
            "smartmon.sh", "yum.sh"}

OUR_OWN = ("command_exporter_", "process_")
THEIR_OWN = ("node_textfile_", "node_exporter_", "node_scrape_collector_",
             "promhttp_")


def name_of(script):
    return script.stem.replace("-", "_")


def arguments(script):
    return ["/usr/share"] if script.name == "directory-size.sh" else []


def collector(script, command):
    return (f'[[collector]]\nname = "{name_of(script)}"\n'
            f'command = {json.dumps(command)}\ntimeout = "60s"\n'
            'format = "prometheus"\nenv = { MARK = "TOKEN" }\n')


def run(script, folder):
    """Its output, empty when it cannot work here."""
    try:
        done = subprocess.run([script, *arguments(script)], capture_output=True,
                              timeout=60, cwd=folder, stdin=subprocess.DEVNULL,
                              env={"PATH": PATH, "LC_ALL": "C.UTF-8"})
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""


def has_samples(output):
    return any(line and not line.startswith(b"#")
               for line in output.splitlines())


class NodeExporter:
    """Debian's prometheus-node-exporter with only its textfile collector."""

    def __init__(self, folder):
        self.folder = folder
        self.port = free_port()

    def __enter__(self):
        self.process = subprocess.Popen(
            ["prometheus-node-exporter", "--collector.disable-defaults",
             "--collector.textfile", "--web.disable-exporter-metrics",
             f"--collector.textfile.directory={self.folder}",
             f"--web.listen-address=127.0.0.1:{self.port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def scrape(self):
        def answer():
            try:
                with urllib.request.urlopen(
                        f"http://127.0.0.1:{self.port}/metrics",
                        timeout=10) as response:
                    return response.read().decode()
            except (urllib.error.URLError, ConnectionError):
                return None
        return Exposition(wait_until(answer, 20, "node_exporter answers"))


def samples(exposition, without):
    """{(name, labels): value} but for the names that begin with `without`."""
    return {(name, tuple(sorted(labels.items()))): value
            for name, labels, value in exposition.samples
            if not name.startswith(without)}


class TextfileScripts(EndToEndTest):
    """Debian's textfile scripts, here and in node_exporter."""

    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="command_exporter_e2e_")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.folder.chmod(0o755)
        self.printed = {}
        for script in sorted(SCRIPTS.iterdir()):
            output = run(script, self.folder)
            if has_samples(output):
                self.printed[script] = output
                (self.folder / f"{script.stem}.prom").write_bytes(output)

    def test_the_same_output_gives_the_same_samples(self):
        config = "".join(
            collector(script, ["cat", f"{self.folder}/{script.stem}.prom"])
            for script in self.printed)
        with Exporter(config) as exporter, NodeExporter(self.folder) as other:
            ours = samples(exporter.scrape(), OUR_OWN)
            theirs = samples(other.scrape(), THEIR_OWN)
        self.assertGreater(len(ours), 10)
        self.assertEqual(ours, theirs)

    def test_the_scripts_themselves_succeed(self):
        worked = {script.name for script in self.printed}
        self.assertLessEqual(ANYWHERE, worked)
        config = "".join(
            collector(script, [str(script), *arguments(script)])
            for script in self.printed)
        with Exporter('[exporter]\nscrape_timeout = "90s"\n' +
                      config) as exporter:
            metrics = exporter.scrape()
            for script in self.printed:
                name = name_of(script)
                with self.subTest(script=script.name):
                    self.assertEqual(metrics.up(name), 1, exporter.log())
                    self.assertGreater(metrics.value(
                        "command_exporter_collector_samples",
                        collector=name), 0)
            self.assert_stops(exporter)


if __name__ == "__main__":
    unittest.main()
