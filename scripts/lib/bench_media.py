"""Real signing clips to measure with, and the FFmpeg command line that makes the same renditions as the program."""

import os
import pathlib
import re
import subprocess
import sys
import time


def run(command):
    """Wall seconds, processor seconds and peak memory in MB of one command with all its children."""
    began = time.monotonic()
    pid = os.posix_spawnp(command[0], command, os.environ,
                          file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0),
                                        (os.POSIX_SPAWN_OPEN, 2, "/dev/null", os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"failed: {' '.join(command)}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def ffmpeg(*arguments):
    return ["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)]


def colours(matrix):
    """The tags of a matrix. Without them FFmpeg's command line converts the colours of HD once more, for each size."""
    return ["-colorspace", matrix, "-color_primaries", matrix, "-color_trc", matrix]


def make_clips(folder):
    """Real signing, joined to about twenty seconds, and ten seconds of it in full HD height. Both say their colours, as
    a phone's clips do."""
    signing = sorted(pathlib.Path("media/fixtures/signing").glob("*.mkv"))[:9]
    inputs = [word for file in signing for word in ("-i", file)]
    join = "".join(f"[{n}:v]" for n in range(len(signing))) + f"concat=n={len(signing)},format=yuv420p"
    keep = ["-r", "30", "-c:v", "libx264", "-preset", "medium", "-crf", "18"]
    joined, full_hd = folder / "signing-480.mp4", folder / "signing-1080.mp4"
    subprocess.run(ffmpeg(*inputs, "-filter_complex", join, *keep, *colours("smpte170m"), joined), check=True)
    # Sensor noise, so that the encoder has as much to do as with a phone's picture.
    grow = "scale=1440:1080:flags=lanczos,noise=alls=4:allf=t"
    keep[keep.index("medium")] = "veryfast"
    subprocess.run(ffmpeg("-t", "10", "-i", joined, "-vf", grow, *keep, *colours("bt709"), full_hd), check=True)
    return {"signing 640x480": joined, "signing 1440x1080": full_hd}


# The preset that the program uses.
PRESET = re.search(r'PRESET: &str = "(\w+)"', pathlib.Path("media/src/transcode/mod.rs").read_text()).group(1)
# The table of deaf-users.md 1.2, as the program uses it: short side -> (crf, kbit/s, profile).
RUNGS = {360: (24, 600, "main"), 480: (24, 1066, "high"), 540: (23, 1200, "high"), 720: (22, 2200, "high"),
         1080: (21, 4500, "high")}


def encode(short):
    crf, rate, profile = RUNGS[short]
    return ["-c:v", "libx264", "-preset", PRESET, "-profile:v", profile, "-crf", crf, "-maxrate", f"{rate}k",
            "-bufsize", f"{2 * rate}k", "-rc_init_occupancy", f"{rate // 2}k", "-g", "30", "-sc_threshold", "0", "-flags", "+cgop", "-an", "-movflags", "+faststart"]


def scale(rendition):
    return (f"scale={rendition['width']}:{rendition['height']}:flags=bicubic:out_color_matrix=bt709:out_range=tv,"
            "setsar=1,format=yuv420p")


def one_command(clip, renditions, out):
    count = len(renditions)
    graph = f"[0:v]fps=30,split={count}" + "".join(f"[s{n}]" for n in range(count))
    graph += "".join(f";[s{n}]{scale(r)}[o{n}]" for n, r in enumerate(renditions))
    outputs = []
    for n, rendition in enumerate(renditions):
        outputs += ["-map", f"[o{n}]", *encode(min(rendition["width"], rendition["height"])), out / f"{n}.mp4"]
    return ffmpeg("-i", clip, "-filter_complex", graph, *outputs)
