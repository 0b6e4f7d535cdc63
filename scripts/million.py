#!/usr/bin/env python3
"""Scores a million answers in one run, and plots memory and rate over time.

    scripts/million.py [--count N] [--jobs N] [--to jsonl|csv] [--svg docs/million.svg] STARCUE ANSWERS.jsonl

ANSWERS (such as `cargo run --release --example corpus -- 20000 > answers.jsonl`) is piped in again and again, so no
disk is filled; what comes out is counted and thrown away. Resident memory and its peak are read from /proc every half second.
(What `wait` tells of the peak begins with the memory of the process that started it, this script.)
"""

import argparse
import os
import subprocess
import threading
import time

parser = argparse.ArgumentParser()
parser.add_argument("--count", type=int, default=1_000_000)
parser.add_argument("--jobs", type=int, default=2)
parser.add_argument("--to", default="jsonl")
parser.add_argument("--svg")
parser.add_argument("starcue")
parser.add_argument("answers")
args = parser.parse_args()

with open(args.answers, "rb") as file:
    part = file.read().splitlines(keepends=True)

command = [args.starcue, "score", "--from", "jsonl", "--to", args.to, "--jobs", str(args.jobs), "-"]
child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
start = time.monotonic()
lines = size = 0


def feed():
    left = args.count
    whole = b"".join(part)
    while left >= len(part):
        child.stdin.write(whole)
        left -= len(part)
    child.stdin.write(b"".join(part[:left]))
    child.stdin.close()


def drain():
    global lines, size
    while chunk := child.stdout.read(1 << 20):
        lines += chunk.count(b"\n")
        size += len(chunk)


threads = [threading.Thread(target=feed), threading.Thread(target=drain)]
for thread in threads:
    thread.start()
samples = []
peak = 0.0
while threads[1].is_alive():
    try:
        with open(f"/proc/{child.pid}/statm") as file:
            resident = int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
        samples.append((time.monotonic() - start, resident, lines))
        with open(f"/proc/{child.pid}/status") as file:
            peak = max(peak, *(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM:")))
    except (OSError, IndexError, TypeError):
        pass
    threads[1].join(0.5)
_, status, usage = os.wait4(child.pid, 0)
seconds = time.monotonic() - start
cpu = usage.ru_utime + usage.ru_stime
print(
    f"{lines} lines ({size / 1e9:.2f} GB) in {seconds:.0f} s: {lines / seconds:.0f} a second on {args.jobs} threads, "
    f"{cpu:.0f} s of processor time, peak memory {peak:.1f} MiB, status {os.waitstatus_to_exitcode(status)}"
)

if args.svg:
    width, height, left, bottom = 760, 300, 60, 40
    top = 64.0
    x = lambda t: left + (width - left - 20) * t / seconds
    y = lambda m: height - bottom - (height - bottom - 30) * min(m, top) / top
    # The first sample of each pixel: more can't be seen.
    pixels = {int(x(t)): f"{x(t):.1f},{y(m):.1f}" for t, m, _ in reversed(samples) if m > 0}
    points = " ".join(pixels[pixel] for pixel in sorted(pixels))
    grid = "".join(
        f'<line x1="{left}" x2="{width - 20}" y1="{y(m):.1f}" y2="{y(m):.1f}" stroke="#888" stroke-opacity=".3"/>'
        f'<text x="{left - 8}" y="{y(m) + 4:.1f}" text-anchor="end">{m}</text>'
        for m in (0, 16, 32, 48, 64)
    )
    ticks = "".join(
        f'<text x="{x(seconds * i / 4):.1f}" y="{height - 18}" text-anchor="middle">{seconds * i / 4:.0f} s</text>'
        for i in range(5)
    )
    title = f"{lines:,} answers in one run, {args.jobs} threads: resident memory in MiB (peak {peak:.1f})"
    with open(args.svg, "w") as file:
        file.write(
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 15} {height}" font-family="sans-serif" '
            f'font-size="12" fill="#555" role="img"><title>{title}</title><text x="{left}" y="18" font-size="13">{title}'
            f'</text>{grid}{ticks}<polyline fill="none" stroke="#2a78b8" stroke-width="2" points="{points}"/></svg>\n'
        )
