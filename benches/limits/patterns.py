#!/usr/bin/env python3
"""Writes what the limits look for, the same every time: patterns.py FOLDER

phrases.txt holds 1,000 phrases; patterns.txt 300 regexes; patterns.json the same 300 as patterns over tokens, from which the regexes are
derived. Notation: elements have blanks between them; a|b are alternatives, new_hire is two words, * any word, # a number, {m,n} repeats, ? is optional.
"""

import itertools, json, os, re, sys

out = sys.argv[1]
os.makedirs(out, exist_ok=True)
V = "led owned drove built designed created launched negotiated resolved improved automated measured analysed proposed rewrote documented tested coordinated presented prioritised delegated escalated simplified organised mentored interviewed shipped investigated prototyped persuaded facilitated convinced decided chose recommended initiated introduced implemented delivered organized trained coached hired reviewed refactored migrated planned scheduled estimated tracked monitored debugged fixed".split()
O = "the plan|the project|the team|a prototype|the migration|the rollout|a review|the analysis|a meeting|the customer|the risk|the budget|a dashboard|a checklist|the schema|the report|feedback|the scope|the deadline|a proposal".split(
    "|"
)
CUES = "as a result|as a consequence|in the end|the outcome was|this led to|which resulted in|we ended up|the impact was|consequently|therefore|looking back|in hindsight|i learned|i learnt|it taught me|what i took away|next time i would|if i had to do it again|since then|going forward|my task was|my role was|i was responsible for|the goal was|the target was|i was asked to|i needed to|we needed to|the challenge was|at that time|when i joined|the situation was|the background is|a few years ago|on the other hand|however|although|instead|rather than|despite|i think|i guess|i believe|maybe|sort of|kind of|probably|basically|hopefully|more or less|to be honest|team player|hard worker|think outside the box|110 percent|move fast|low-hanging fruit|synergy|you know|i mean|stuff like that|and so on|my manager|my boss|my team|our customer|the client|the stakeholders|the product owner|a colleague|new hire|one-on-one|root cause|trade-off|first principles|data showed|i measured|customer satisfaction|response time|error rate|on time|under budget|within budget|ahead of schedule|roll back|rolled back|a/b test|load test|post-mortem|action items|follow-up|in order to|because|so that|due to|i disagreed|i apologised|i apologized|i made a mistake|my mistake|my fault|their fault|not my job|nobody told me|i was blamed|i listened|i asked for feedback|i considered|three options|pros and cons".split(
    "|"
)
ph = list(CUES)
for v in V:
    ph += [f"i {v}", f"we {v}", f"i have {v}", f"i personally {v}", f"they {v}"]
for v, o in itertools.product(V, O):
    if len(ph) >= 1400:
        break
    ph.append(f"{v} {o}")
ph = list(dict.fromkeys(ph))[:1000]
assert len(ph) == 1000
D = []
a = D.append
ADV = "also|then|quickly|personally|finally|first|have|had|would{0,2}"
for k in range(0, len(V), 3):  # who did it: 18 verb groups x 5 subjects
    g = "|".join(V[k : k + 3])
    for s in ["I", "we", "my manager|boss|lead", "the|our|a customer|customers|client|clients", "they|he|she"]:
        a(f"{s} {ADV} {g}")
for (
    m
) in "response_time churn error_rate onboarding_time cloud_spend number_of_tickets conversion test_coverage defects delivery_time backlog customer_satisfaction turnover build_time revenue cost latency uptime".split():
    a(f"reduced|cut|lowered|decreased|halved|brought_down *{{0,3}} {m} by # %|percent")
    a(f"increased|improved|raised|grew|boosted|doubled *{{0,3}} {m}")
    a(f"{m} was|had|went|rose|fell|dropped|stayed|improved|increased")
    a(f"{m} *{{0,3}} from # to #")
for (
    u
) in "hour|hours day|days week|weeks month|months minute|minutes ticket|tickets dollar|dollars customer|customers release|releases people colleagues engineers users".split():
    a(f"# {u}")
    a(f"within|in|under|over|after about|roughly? # {u}")
for n in [
    "not",
    "never",
    "didn't|wasn't|weren't|couldn't|doesn't",
    "no_longer",
    "without",
    "failed_to",
    "unable_to",
    "refused_to",
]:
    a(f"I|we|they *? {n} *")
    a(f"was|were|is|are|did|do|does? {n} *{{0,2}} asked|told|allowed|able|enough|responsible")
for l in "learned learnt realised realized understood took_away discovered noticed".split():
    a(f"I|I've have? since? {l} that|how|to|from|why")
    a(f"what|thing|lesson I|we {l}")
a("in|during|back_in january|february|march|april|may|june|july|august|september|october|november|december")
a("last|this|that year|quarter|month|week|autumn|spring|summer|winter")
a("#|a_few|several|two|three month|months|year|years|week|weeks ago|back")
a("at that|the time")
a("when I joined|started|was")
a("first|next|then|after_that|finally|eventually I|we")
for c in CUES:
    if c.replace(" ", "").isalpha():
        a(c)
for x in "because so_that in_order_to therefore which_meant due_to as_a_result consequently".split():
    a(f"{x} *{{1,6}} wanted|needed|had|was|were|could|would|risk|time|cost|customer|customers")
D = list(dict.fromkeys(D))
step = len(D) / 300
D = [D[int(i * step)] for i in range(300)]
assert len(set(D)) == 300


def parse(d):
    els = []
    for t in d.split():
        mn = mx = 1
        if m := re.search(r"\{(\d+),(\d+)\}$", t):
            mn, mx = int(m[1]), int(m[2])
            t = t[: m.start()]
        elif t.endswith("?"):
            mn = 0
            t = t[:-1]
        els.append({"alts": [w.split("_") for w in t.split("|")], "min": mn, "max": mx})
    return els


W1 = {"*": r"\w+", "#": r"\$?\d[\d,.]*"}


def rx(els):
    s = ""
    n = len(els)
    for i, e in enumerate(els):
        al = [r"\s+".join(W1.get(w, re.escape(w).replace("'", "['’]")) for w in x) for x in e["alts"]]
        g = al[0] if len(al) == 1 and e["min"] == e["max"] == 1 else "(?:" + "|".join(al) + ")"
        pct = i + 1 < n and ["%"] in els[i + 1]["alts"]
        last = i == n - 1
        if e["min"] == e["max"] == 1:
            s += g + ("" if last else r"\s?" if pct else r"\s+")
        else:
            s += rf"(?:{g}\s+){{{e['min']},{e['max']}}}".replace("{0,1}", "?")
    first, lastw = els[0]["alts"][0][0], els[-1]["alts"]
    s = s.replace(r"\$?\d", r"\d", 1) if first == "#" else s
    if ["%"] in lastw:
        return r"\b" + s.replace("%|percent)", r"%|percent\b)")
    return r"\b" + s + r"\b"


T = [parse(d) for d in D]
P = [rx(t) for t in T]
[re.compile(p, re.I) for p in P]
for name, text in (
    ("phrases.txt", "\n".join(ph) + "\n"),
    ("patterns.txt", "\n".join(P) + "\n"),
    ("patterns.json", json.dumps(T)),
):
    with open(f"{out}/{name}", "w") as file:
        file.write(text)
