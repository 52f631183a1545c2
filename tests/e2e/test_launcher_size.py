"""The launcher stays small, because every command's peak begins at its own."""

import os
import pathlib
import re
import tempfile
import unittest

from support import EndToEndTest, Exporter

CONFIG = """
[[collector]]
name = "number"
shell = "echo 1"
matrix = { instance = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }
format = "number"
metric = [{ name = "number_value", help = "One." }]
"""


class LauncherSize(EndToEndTest):
    def test_it_looks_for_no_symbol_after_its_start(self):
        """Each look-up touches the tables of all libraries: 1.1 MB."""
        with tempfile.TemporaryDirectory() as folder:
            os.chmod(folder, 0o777)
            environment = dict(os.environ, LD_DEBUG="bindings",
                               LD_DEBUG_OUTPUT=f"{folder}/bindings")
            with Exporter(CONFIG, environment=environment) as exporter:
                answer = exporter.scrape()
                launcher = exporter.role("launcher")
                self.assertEqual(sum(answer.values("number_value")), 10)
                self.assert_stops(exporter)
            lines = "".join(path.read_text(errors="replace")
                            for path in pathlib.Path(folder).iterdir())
        self.assertIn("binding file ", lines)
        own = re.findall(rf"^ *{launcher}:\tbinding file (.*)$", lines, re.M)
        # A sanitizer's own library is not under our control.
        self.assertEqual([line for line in own
                          if not re.match(r"\S*lib[a-z]+san\.", line)], [])


if __name__ == "__main__":
    unittest.main()
