"""Run by `bindings/python/run.sh`."""

import json
import threading
import time
import unittest

import starcue

STORY = (
    "Last May our import failed on a Friday evening. I had to get it going before Monday. "
    "I asked the customer what they saw, rolled the change back myself and wrote a test. Nothing was lost."
)


class Scoring(unittest.TestCase):
    def test_one_answer_is_a_dict_whose_evidence_is_in_the_text(self):
        result = starcue.score(STORY, question="Tell me about a failure.")
        self.assertEqual(result["schema"], "starcue.assessment/1")
        self.assertAlmostEqual(sum(line["points"] for line in result["receipt"]), result["score"])
        quotes = [e for f in result["behaviours"] for e in f["evidence"]]
        self.assertTrue(all(STORY.encode()[e["start"] : e["end"]].decode() == e["quote"] for e in quotes))

    def test_many_answers_come_in_their_order_and_equal_single_ones(self):
        texts = [STORY, "No.", STORY + " Since then I check it every week."]
        many = [json.loads(line) for line in starcue.score_many(texts)]
        self.assertEqual(many, [starcue.score(t, id=str(i + 1)) for i, t in enumerate(texts)])

    def test_what_is_wrong_is_a_value_error(self):
        with self.assertRaisesRegex(ValueError, "no rubric `nope`"):
            starcue.score(STORY, rubric="nope")
        with self.assertRaises(ValueError):
            starcue.score_many([STORY], ids=[])

    def test_other_threads_go_on_meanwhile(self):
        ticks, done = [], threading.Event()

        def tick():
            while not done.wait(0.002):
                ticks.append(time.monotonic())

        other = threading.Thread(target=tick)
        other.start()
        start = time.monotonic()
        starcue.score_many([STORY] * 2000)
        end = time.monotonic()
        done.set()
        other.join()
        during = [t for t in ticks if start < t < end]
        self.assertGreater(len(during), 3, f"the lock was held for {end - start:.3f} s")


if __name__ == "__main__":
    unittest.main()
