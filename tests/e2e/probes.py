"""needs(PROBE): the only way to skip an end-to-end test.

The same as NEEDS in tests/support/probes.hpp: a probe tries the feature itself
and returns the reason if it is missing; tests/expected_skips.txt names every
test with a probe, and `house: skips` compares the two.
"""

import ctypes
import functools
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import unittest


def tool(name):
    return "" if shutil.which(name) else "not installed"


def run(*command):
    """Why a command does not work here."""
    ended = subprocess.run(command, capture_output=True, text=True,
                           check=False)
    return "" if ended.returncode == 0 else (
        ended.stderr.strip() or f"exit status {ended.returncode}")


def root():
    return "" if os.geteuid() == 0 else f"this is user {os.geteuid()}"


def pid_namespace():
    return run("unshare", "--pid", "--fork", "--mount-proc", "true")


def user_namespace():
    return run("unshare", "--user", "--map-root-user", "true")


def mount_namespace():
    return run("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/proc")


def ipv6():
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return ""
    except OSError as error:
        return str(error)


def cgroup(controller=""):
    """A folder of cgroup v2 in which groups can be created and entered."""
    with open("/proc/self/mounts", encoding="utf-8") as mounts:
        places = [line.split()[1] for line in mounts
                  if line.split()[2] == "cgroup2"]
    if not places:
        return "cgroup v2 is not mounted"
    folder = inner = ""
    try:
        if controller:
            switch_on(places[0], controller)
        folder = tempfile.mkdtemp(prefix="probe_", dir=places[0])
        if controller:
            switch_on(folder, controller)
        inner = tempfile.mkdtemp(dir=folder)
        return run("sh", "-c", f"echo 0 >{inner}/cgroup.procs")
    except OSError as error:
        return str(error)
    finally:
        for place in filter(None, (inner, folder)):
            os.rmdir(place)


def switch_on(folder, controller):
    with open(f"{folder}/cgroup.subtree_control", "w",
              encoding="utf-8") as file:
        file.write(f"+{controller}")


class HungMount:
    """A mounted folder in which every look-up waits until close()."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="command_exporter_hung_")
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.device = -1
        self.server = 0
        try:
            self.device = os.open("/dev/fuse", os.O_RDWR | os.O_CLOEXEC)
            options = f"fd={self.device},rootmode=40000,user_id=0,group_id=0"
            if self.libc.mount(b"hung", self.folder.encode(), b"fuse", 6,
                               options.encode() + b",allow_other"):
                raise OSError(ctypes.get_errno(), "mount")
        except OSError:
            self.close()
            raise

    def take_requests(self):
        """From now on whoever looks cannot be killed either: the kernel waits
        for the answer to a request that was taken."""
        hello = self.take()
        protocol = struct.pack("=4I2H2I2H8I", 7, 31, 0, 0, 9, 9, 4096, 1, 1,
                               0, *[0] * 8)
        head = struct.pack("=IiQ", 16 + len(protocol), 0, hello)
        os.write(self.device, head + protocol)
        self.server = os.fork()
        if self.server == 0:
            while True:
                self.take()

    def take(self):
        """The number of the next request. fuse(4), struct fuse_in_header"""
        return struct.unpack_from("=IIQ", os.read(self.device, 1 << 17))[2]

    def close(self):
        if self.server:
            os.kill(self.server, signal.SIGKILL)
            os.waitpid(self.server, 0)
            self.server = 0
        if self.device >= 0:
            os.close(self.device)  # waiting processes get an error
            self.device = -1
        self.libc.umount2(self.folder.encode(), 2)
        if os.path.isdir(self.folder):
            os.rmdir(self.folder)


def fuse():
    try:
        HungMount().close()
        return ""
    except OSError as error:
        return str(error)


PROBES = {
    "root": root,
    "fuse": fuse,
    "pid_namespace": pid_namespace,
    "user_namespace": user_namespace,
    "mount_namespace": mount_namespace,
    "ipv6": ipv6,
    "cgroup": cgroup,
    "cgroup_memory": lambda: cgroup("memory"),
    "cgroup_pids": lambda: cgroup("pids"),
    "chromium": lambda: tool("chromium"),
    "prometheus": lambda: tool("prometheus"),
}


@functools.cache
def lack(name):
    return PROBES[name]()


def needs(name):
    """Decorates a test or a class of tests."""
    why = lack(name)
    return unittest.skipIf(why, f"{name}: {why}")
