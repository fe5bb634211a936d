"""Real signing of any length and size, and how commands are measured: for the media benchmarks."""

import os
import pathlib
import subprocess
import sys
import time

from bench_media import colours, ffmpeg

FRAMES_A_SECOND = 30


def signing_clip(out, size, seconds, rate=FRAMES_A_SECOND):
    """The signing clips of the library, joined and repeated to a length, filled to a size; with a little sensor noise
    where they are enlarged, so that an encoder has as much to do as with a phone's picture. The file says its colours, as
    a phone's does."""
    signing = sorted(pathlib.Path("media/fixtures/signing").glob("*.mkv"))
    joined = out.parent / "joined.mkv"
    if not joined.exists():
        inputs = [word for file in signing for word in ("-i", file)]
        join = "".join(f"[{n}:v]" for n in range(len(signing))) + f"concat=n={len(signing)},format=yuv420p"
        subprocess.run(ffmpeg(*inputs, "-filter_complex", join, "-r", FRAMES_A_SECOND, "-c:v", "libx264", "-preset",
                              "veryfast", "-crf", "12", joined), check=True)
    width, height = size
    noise = ",noise=alls=4:allf=t" if height > 480 else ""
    fill = f"scale={width}:{height}:force_original_aspect_ratio=increase:flags=lanczos,crop={width}:{height}{noise}"
    tags = colours("bt709" if height > 576 else "smpte170m")
    subprocess.run(ffmpeg("-stream_loop", "-1", "-i", joined, "-t", seconds, "-vf", f"{fill},fps={rate}", "-c:v",
                          "libx264", "-preset", "veryfast", "-crf", "18", *tags, "-an", out), check=True)
    return out


class Spent:
    """Wall and processor seconds and peak memory in MB of one command or several."""

    def __init__(self, wall=0.0, cpu=0.0, peak=0.0):
        self.wall, self.cpu, self.peak = wall, cpu, peak

    def __add__(self, other):
        return Spent(self.wall + other.wall, self.cpu + other.cpu, max(self.peak, other.peak))

    def best(self, other):
        return Spent(min(self.wall, other.wall), min(self.cpu, other.cpu), max(self.peak, other.peak))


def run(command, may_fail=False):
    """Runs one command with all its children."""
    began = time.monotonic()
    null = [(os.POSIX_SPAWN_OPEN, stream, os.devnull, os.O_WRONLY, 0) for stream in (1, 2)]
    pid = os.posix_spawnp(command[0], list(map(str, command)), os.environ, file_actions=null)
    _, status, usage = os.wait4(pid, 0)
    if status != 0 and not may_fail:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return Spent(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
