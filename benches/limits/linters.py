"""linters.py proselint ANSWERS.jsonl: lints every answer, and prints how many remarks there were."""

import json
import sys

from proselint.checks import __register__
from proselint.config import DEFAULT
from proselint.registry import CheckRegistry
from proselint.tools import LintFile

CheckRegistry().register_many(__register__)
remarks = 0
with open(sys.argv[2], encoding="utf-8") as answers:
    for line in answers:
        remarks += len(LintFile("answer", content=json.loads(line)["answer"]).lint(DEFAULT))
print(remarks)
