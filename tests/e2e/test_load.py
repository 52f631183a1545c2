"""More runs than a scrape has time for, and scrapes that have no time at all."""

import http.client
import math
import os
import random
import re
import threading
import time
import unittest

from support import EndToEndTest, Exporter

TIMEOUT = "X-Prometheus-Scrape-Timeout-Seconds"
UP = re.compile(r"^command_exporter_collector_up(\{[^}]*\}) (\d)$", re.M)


class ManyRuns(EndToEndTest):
    """More of them: COMMAND_EXPORTER_TEST_MATRICES=50."""
    COLLECTORS = int(os.environ.get("COMMAND_EXPORTER_TEST_MATRICES", "20"))
    INSTANCES = 1000
    BUDGET = "3"  # too little for all of them

    def config(self):
        numbers = ",".join(f'"{i}"' for i in range(self.INSTANCES))
        return '[exporter]\nscrape_timeout = "60s"\n' + "".join(
            f'[[collector]]\nname = "a{i}"\ncommand = ["true"]\n'
            f'format = "exit_code"\nmatrix = {{ x = [{numbers}] }}\n'
            f'env = {{ MARK = "TOKEN" }}\nmetric = [{{ name = "m_{i}" }}]\n'
            for i in range(self.COLLECTORS))

    def test_every_instance_has_its_turn(self):
        runs = self.COLLECTORS * self.INSTANCES
        with Exporter(self.config()) as exporter:
            launcher = exporter.role("launcher")
            missing, served = None, []
            while missing is None or missing:
                status, _, text = exporter.get(
                    headers={TIMEOUT: self.BUDGET}, timeout=120)
                self.assertEqual(status, 200)
                up = dict(UP.findall(text))
                self.assertEqual(len(up), runs)
                missing = set(up) if missing is None else missing
                missing -= {who for who, value in up.items() if value == "1"}
                served.append(sum(value == "1" for value in up.values()))
                self.assertGreater(served[-1], 0, "a scrape without any run")
                needed = math.ceil(runs / min(served)) + 1
                self.assertLessEqual(len(served), needed,
                                     f"{len(missing)} left after {served}")
                self.assertNotRegex(text, r'reason="launcher_lost"\} [1-9]')
            self.assertEqual(exporter.role("launcher"), launcher)
            # Not one line for each of the thousands that were refused.
            lines = [line for line in exporter.log().splitlines()
                     if "reason=overload" in line or "up again" in line or
                     "reason=timeout" in line]
            self.assertLess(len(lines), 200)
            print(f"{runs} runs: up in each scrape {served}")
            self.assert_nothing_left(exporter, seconds=20)
            self.assert_stops(exporter)


class Budgets(EndToEndTest):
    """For longer: COMMAND_EXPORTER_TEST_BUDGETS=60 (seconds)."""
    SCRAPERS = 50
    COMMAND = 0.2
    # A scrape with this much more time gets `up 1`. A busy machine may need
    # five times as long; but then the answer comes when the time is over, and
    # not earlier, as another one's refusal would.
    SLACK = 0.5
    SLOW = 2.5

    def test_no_scrape_shares_the_refusal_of_a_shorter_one(self):
        seconds = float(os.environ.get("COMMAND_EXPORTER_TEST_BUDGETS", "8"))
        config = "".join(
            f'[[collector]]\nname = "c{i}"\nenv = {{ MARK = "TOKEN" }}\n'
            f'command = ["sleep", "{self.COMMAND}"]\nformat = "exit_code"\n'
            f'metric = [{{ name = "m_{i}" }}]\n' for i in range(3))
        with Exporter(config) as exporter:
            self.end = time.monotonic() + seconds
            self.counts, self.bad, self.slow = [0, 0], [], []
            self.lock = threading.Lock()
            threads = [threading.Thread(target=self.scrape, args=(exporter, i))
                       for i in range(self.SCRAPERS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            lines = exporter.log().count("\n")
            print(f"{self.counts[0]} scrapes, {self.counts[1]} with time, "
                  f"{len(self.bad)} violations, {len(self.slow)} by slowness, "
                  f"{lines} log lines")
            self.assertEqual(self.bad, [])
            self.assertGreater(self.counts[1], self.SCRAPERS)
            # Four kinds, one a second each.
            self.assertLess(lines, 4 * (seconds + 10) + 30)
            self.assert_nothing_left(exporter, seconds=10)
            self.assert_stops(exporter)

    def scrape(self, exporter, seed):
        draw = random.Random(seed)
        connection = http.client.HTTPConnection(exporter.address, timeout=60)
        self.addCleanup(connection.close)
        while time.monotonic() < self.end:
            # As many short ones as long ones.
            budget = math.exp(draw.uniform(math.log(0.001), math.log(5)))
            began = time.monotonic()
            # A tenth, at most half a second, is the offset.
            connection.request("GET", "/metrics", headers={
                TIMEOUT: f"{budget + min(0.5, budget / 9):.6f}"})
            up = UP.findall(connection.getresponse().read().decode())
            took = time.monotonic() - began
            has_time = budget > self.COMMAND + self.SLACK
            with self.lock:
                self.counts[0] += 1
                self.counts[1] += has_time
                if has_time and any(value != "1" for _, value in up):
                    # The own last start is a tenth before the end.
                    slow = (took > 0.85 * budget and
                            budget < self.COMMAND + self.SLOW)
                    (self.slow if slow else self.bad).append(
                        (round(budget, 3), round(took, 3), up))


if __name__ == "__main__":
    unittest.main()
