"""A server of the release build for a benchmark: fresh data folder, free ports, started and stopped."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def bare_environment():
    """Ours without what the tests and benchmarks add: the program refuses names under ISHARA_ that it does not know."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("ISHARA_", "BENCH_"))}


class Server:
    """`ishara` on a data folder; usable in a `with` statement, which stops it."""

    def __init__(self, program, data):
        self.program, self.port, self.process = program, free_port(), None
        self.address = f"http://127.0.0.1:{self.port}"
        self.log = data.with_name(data.name + ".log")
        self.environment = bare_environment() | {
            "ISHARA_DATA": str(data),
            "ISHARA_LISTEN": f"127.0.0.1:{self.port}",
            "ISHARA_OPS_LISTEN": f"127.0.0.1:{free_port()}",
            "ISHARA_BASE_URL": self.address,
        }

    def run(self, *verb, text=""):
        """One verb of the command line; its standard output."""
        done = subprocess.run([self.program, *verb], env=self.environment, input=text, check=True,
                              stdout=subprocess.PIPE, text=True)
        return done.stdout.strip()

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([self.program, "serve"], env=self.environment, stdout=log, stderr=log)
        wait_for(self.address + "/", self.process)
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)

    def memory_mb(self):
        """Resident memory now, and its highest point, in MB."""
        return memory_mb(self.process.pid)


def memory_mb(process):
    with open(f"/proc/{process}/status") as status:
        fields = dict(line.split(":", 1) for line in status)
    return tuple(int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))


def wait_for(url, process=None, seconds=60):
    """Asks until there is a good answer; the seconds that took. Gives up when `process` has ended."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if process is not None and process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                answer.read()
                return time.monotonic() - began
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    raise SystemExit(f"no answer from {url}")
