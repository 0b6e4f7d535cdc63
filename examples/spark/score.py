"""Pipes every partition of a corpus through `starcue score`, on a cluster.

    score.py STARCUE ANSWERS RESULTS [MASTER]

`starcue` has to be at the same path on every worker, or be shipped with `--files`. It is a pure filter: JSONL in,
JSONL out, a line a record, in order, so Spark's own `pipe` is all that is needed. Records should have ids of their
own: one that has none is called by its number in its partition.
"""

import os
import shlex
import sys

import pyspark
from pyspark.sql import SparkSession

starcue, answers, results = sys.argv[1:4]
# Two workers in processes of their own, one core and 1 GiB each.
master = sys.argv[4] if len(sys.argv) > 4 else "local-cluster[2,1,1024]"
os.environ.setdefault("SPARK_HOME", os.path.dirname(pyspark.__file__))

spark = (
    SparkSession.builder.master(master)
    .appName("starcue")
    .config("spark.ui.enabled", "false")
    .config("spark.executor.memory", "512m")
    .getOrCreate()
)
spark.sparkContext.setLogLevel("ERROR")
# One thread a process: Spark runs as many partitions at once as there are cores. Bad records stand in their places
# (`--allow-errors`); any other failure fails the task (`checkCode`), which Spark then tries again.
command = [starcue, "score", "--from", "jsonl", "--to", "jsonl", "--jobs", "1", "--allow-errors", "-"]
lines = spark.sparkContext.textFile(answers, minPartitions=8)
lines.pipe(shlex.join(command), checkCode=True).saveAsTextFile(results)
spark.stop()
