"""Measures the promises: timeouts, daemons, memory, slow clients."""

import contextlib
import re
import select
import socket
import threading
import time

from exporter import Exporter, engine_round, field, run_and_account, show, \
    write_config

MEGABYTE = 1_000_000
RELOADS = 200


def precision(options, _folder):
    lines = run_and_account([options.bench, "timeouts", 40])[0].splitlines()
    term, kill = zip(*(map(float, line.split()) for line in lines))
    show("timeout: TERM after the deadline", term, "ms", "10")
    show("timeout: KILL and report after the grace", kill, "ms", "20")


def daemons(options, _folder):
    lines = run_and_account([options.bench, "daemons", 20])[0].split()
    show("100 daemons gone after", [float(line) for line in lines], "ms", "50")


def tree(options, _folder):
    """A walk reads its own tree only; other processes of the host do not
    matter."""
    lines = run_and_account([options.bench, "tree", 3])[0].splitlines()
    gone, other = zip(*([float(word) for word in line.split()]
                        for line in lines))
    show("5,000 below a traced process gone after", gone, "ms")
    show("meanwhile another command takes", other, "ms")


def output(options, folder):
    """Its own peak as reported by the kernel; resident, so shared pages count."""
    config = write_config(
        folder, "output.toml",
        [["/usr/bin/head", "-c", MEGABYTE, "/dev/zero"]] * 50)
    exporter = Exporter(options.program, config)
    launcher = exporter.roles()["ce-launcher"]
    before = field(f"/proc/{launcher}/status", "VmHWM")
    body, _ = exporter.scrape()
    after = field(f"/proc/{launcher}/status", "VmHWM")
    exporter.stop()
    if len(re.findall(r"_output_bytes{.*} (?:1e\+06|%d)$" % MEGABYTE, body,
                      re.M)) != 50:
        raise SystemExit("the commands did not print a megabyte each")
    show("launcher's peak RSS at the start", [before / 1024], "MB")
    show("launcher's peak RSS after 50 x 1 MB", [after / 1024], "MB", "3")


def direct(options, _folder):
    ratios = []
    for _ in range(options.rounds):
        shell = engine_round(options.bench, "engine", 3, 50,
                             ["/bin/sh", "-c", "free -m"])
        alone = engine_round(options.bench, "engine", 3, 50,
                             ["/usr/bin/free", "-m"])
        ratios.append(alone[0] / shell[0])
    show("`free -m` / `sh -c 'free -m'`: CPU", ratios, "x", "0.80")


def growth(exporter, what, act, times):
    before = exporter.sizes()
    for i in range(times):
        act(i)
    for role, size in exporter.sizes().items():
        show(f"growth of {role} by {times} {what}", [size - before[role]],
             "MB", "0")


def flat(options, folder):
    commands = [["/bin/true"]] * 3
    config = write_config(folder, "flat.toml", commands)
    exporter = Exporter(options.program, config)
    # 256 workers take turns, and each keeps the memory of its scrape.
    for _ in range(max(1000, options.scrapes // 10)):
        exporter.scrape()
    growth(exporter, "scrapes", lambda _: exporter.scrape(), options.scrapes)
    exporter.stop()

    # Other collectors each time. malloc keeps some of the memory that each worker
    # frees, and more in every new situation; apart from that, growth is memory
    # that the exporter keeps.
    exporter = Exporter(options.program, config,
                        GLIBC_TUNABLES="glibc.malloc.tcache_count=0")

    def rename(i):
        write_config(folder, "flat.toml", commands, f"c{i:04}_")
        exporter.reload(f'{{collector="c{i:04}_0"}}')

    for _ in range(500):
        exporter.scrape()
    for i in range(50):
        rename(i)
    growth(exporter, "reloads", lambda i: rename(1000 + i), RELOADS)
    exporter.stop()


class SlowClients:
    """Connections that do as little as possible, for as long as possible."""

    def __init__(self, address):
        host, port = address.rsplit(":", 1)
        self.where = (host, int(port))
        self.stack = contextlib.ExitStack()
        self.drips = []
        self.readers = []
        self.ended = threading.Event()

    def connect(self, receive_buffer=0):
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF,
                                  receive_buffer)
        connection.settimeout(10)
        connection.connect(self.where)
        return self.stack.enter_context(connection)

    def __enter__(self):
        for _ in range(200):
            self.connect()
        for _ in range(50):
            header = self.connect()
            header.sendall(b"GET /metrics HTTP/1.1\r\nX-Drip: ")
            self.drips.append(header)
        for _ in range(50):
            body = self.connect()
            body.sendall(b"POST /-/reload HTTP/1.1\r\nHost: x\r\n"
                         b"Content-Length: 100000\r\n\r\n")
            self.drips.append(body)
        for _ in range(50):
            reader = self.connect(receive_buffer=4096)
            reader.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
            # One by one: the limit of forty simultaneous scrapes is not measured
            # here.
            reader.recv(16)
            self.readers.append(reader)
        self.thread = threading.Thread(target=self.drip)
        self.thread.start()
        return self

    def drip(self):
        while not self.ended.wait(0.2):
            for connection in self.drips:
                with contextlib.suppress(OSError):
                    connection.send(b"x")
            ready = select.select(self.readers, [], [], 0)[0]
            for connection in ready:
                with contextlib.suppress(OSError):
                    connection.recv(16)

    def __exit__(self, *_):
        self.ended.set()
        self.thread.join()
        self.stack.close()


def clients(options, folder):
    # An answer far larger than the buffers of sockets.
    big = folder + "/big"
    with open(big, "w", encoding="utf-8") as file:
        for i in range(9000):
            file.write(f'big{{one="{i:040}",two="{i:040}"}} {i}\n')
    config = write_config(folder, "clients.toml", [["/bin/cat", big]])
    exporter = Exporter(options.program, config)
    with SlowClients(exporter.address):
        walls = []
        for _ in range(20):
            walls.append(exporter.scrape()[1] * 1e3)
            time.sleep(0.2)
    exporter.stop()
    show("scrape among 350 slow clients", walls, "ms", "1000")
