"""A real Prometheus for end-to-end tests."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import urllib.error
import urllib.parse
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Prometheus:
    """Debian's prometheus. Without `jobs` it scrapes the target each second."""

    def __init__(self, target, jobs=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="prometheus_e2e_"))
        (self.folder / "prometheus.yml").write_text(
            "global: {scrape_interval: 1s, scrape_timeout: 1s}\n"
            "scrape_configs:\n" + (jobs or (
                "  - job_name: commands\n"
                f"    static_configs: [{{targets: ['{target}']}}]\n")))
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
