//! Every diagnostic there is: one table, from which `explain` and `docs/diagnostics.md` are made.

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing needs to be done.
    Note,
    /// Likely a slip: it works, but not as its author thinks.
    Warning,
    /// Must be mended: the file can't be used, or a promise of it does not hold.
    Error,
}

impl Level {
    /// All levels, the lightest first.
    pub const ALL: [Self; 3] = [Self::Note, Self::Warning, Self::Error];

    /// The word for people and JSON.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A diagnostic: its stable code and what it means.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable code, such as `unknown-key`; never reused for anything else.
    pub id: &'static str,
    /// How grave it is.
    pub level: Level,
    /// What it is, in a few words.
    pub title: &'static str,
    /// What is wrong, and why that matters.
    pub meaning: &'static str,
    /// What to do.
    pub remedy: &'static str,
}

impl Code {
    /// The diagnostic with this code.
    #[must_use]
    pub fn of(id: &str) -> Option<&'static Self> {
        CODES.iter().copied().find(|c| c.id == id)
    }
}

macro_rules! codes {
    ($($name:ident $level:ident $id:literal, $title:literal, $meaning:literal, $remedy:literal;)*) => {
        $(#[doc = $title] pub(super) const $name: &Code = &Code {
            id: $id, level: Level::$level, title: $title, meaning: $meaning, remedy: $remedy,
        };)*
        /// All diagnostics, in the order of `docs/diagnostics.md`.
        pub const CODES: &[&Code] = &[$($name),*];
    };
}

codes! {
    UNREADABLE Error "unreadable", "a file can't be read",
        "The file or folder is not there, is not readable, is no plain file, or is not UTF-8 text.",
        "Check the path and the permissions; save the file as UTF-8.";
    TOO_LARGE Error "too-large", "a file is too large",
        "The file has more than 4 MiB. The largest file that ships with starcue has some 65 kB, so this is hardly a bank or a rubric.",
        "Name the right file, or split it: a rubric may have many files in a folder of its own.";
    NOT_CONTENT Error "not-content", "no kind of file that starcue knows",
        "The file stands in no `questions`, `rubrics` or `plans` folder, and has none of the keys by which a bank, guide, rubric, language, pack or plan is known.",
        "Put it where it belongs, or start from `starcue new bank`, `new guide`, `new rubric` or `new plan`.";
    SYNTAX Error "syntax", "not TOML",
        "The line does not follow the syntax of TOML: a quote or bracket is missing, a value is bare, a key stands twice.",
        "Mend the line. Texts stand in double quotes; within them a quote is written `\\\"`; long ones stand between three quotes.";
    NEWER_SCHEMA Error "newer-schema", "a newer format",
        "The file says that it has a format that came after this starcue, so its keys may mean what this program does not know.",
        "Update starcue, or ask the author for a version for this one.";
    UNKNOWN_KEY Error "unknown-key", "a key that is not known",
        "No key of this name may stand here. A slip in a key would otherwise be ignored in silence, and the rule would not do what it says.",
        "Write the key as `docs/reference.md` has it; the help names the nearest one.";
    WRONG_TYPE Error "wrong-type", "a value of the wrong type",
        "The key wants another type of value: a list where there is a text, a number where there is a word, or another count of them.",
        "Write it as the help says: lists stand in `[…]`, texts in quotes, numbers without.";
    MISSING_KEY Error "missing-key", "a key is missing",
        "The table lacks a key that it can't do without.",
        "Add it; `docs/reference.md` says what it holds.";
    KEY_CONFLICT Error "key-conflict", "keys that exclude each other",
        "Two keys of one table say two different things, of which only one can hold.",
        "Keep one of them.";
    UNKNOWN_WORD Error "unknown-word", "a word that the key does not take",
        "The key takes one of a few words, and this is none of them.",
        "Write one of the words that the help lists.";
    OUT_OF_RANGE Error "out-of-range", "a number out of range",
        "The number lies outside of what the key takes: bands go from 1 to 5, points and caps from 0 to 100.",
        "Write a number within the range.";
    BAD_ID Error "bad-id", "an id that can't be one",
        "Ids are public: they stand in reports, on the command line and in other files. They are made of lower-case letters, digits, hyphens and dots.",
        "Write it like `calm-under-fire`.";
    EMPTY_TEXT Error "empty-text", "an empty text",
        "A text that is shown to people is empty.",
        "Write it, or drop the key where it may be missing.";
    CONTROL_CHARACTER Error "control-character", "a character that steers a terminal",
        "The text holds a control character or one that changes the direction of writing. Such characters can hide or forge what a terminal shows; starcue drops them on the way out.",
        "Delete it. `\\n` and tabs are fine.";
    LONG_TEXT Warning "long-text", "a text too long for a terminal",
        "A title, question or line of advice is so long that it fills the screen, or has a word without a break that is wider than a narrow terminal.",
        "Shorten it: a title fits on one line, a question on three, advice on six.";

    DUPLICATE_ID Error "duplicate-id", "an id that stands twice",
        "Two questions, two guides, two plans, two rules of one rubric or two packs have the same id, so that only one of them can be meant by it; or a plan asks one question twice.",
        "Give one of them an id of its own, or join them.";
    REPLACES Note "replaces", "takes the place of another",
        "A question, guide, plan or rubric has the id of one below it (built-in content, then packs, then your folder), and takes its place as a whole.",
        "Nothing, if that is meant. To add to a rubric, give yours an id of its own and let it `extends` the other.";
    UNKNOWN_ID Error "unknown-id", "an id that nothing has",
        "The id of a rule, rubric, question, language, section, measure or pack, or the theme or role of a draw, is named here, and there is none of that name where it is looked for.",
        "Write the id as it stands where it is defined; the help names the nearest one.";
    NEEDS_NEWER Error "needs-newer", "a pack needs a newer version",
        "The pack names under `needs` a version of another pack, or of starcue, that is newer than the one that is there.",
        "Add the newer version of what it needs, or lower the version in `needs`.";
    EXTENDS_CYCLE Error "extends-cycle", "`extends` goes round in a circle",
        "A rubric extends another that, in the end, extends the first one, or the chain is deeper than ten.",
        "Take one `extends` out.";
    MISSING_PART Error "missing-part", "a rubric lacks a part",
        "A rubric, with all that it extends, needs the four sections, a table `[score]`, and bands 1 to 5 that rise from 0.",
        "Add `extends = \"behavioural\"` to take over what is built in, or write the part.";
    BROKEN_RUBRIC Error "broken-rubric", "a rubric can't be compiled",
        "The rubric can't be used: it takes out an inherited rule that another one asks for, or there is a reason that no other diagnostic has pointed at; the message is that of the loader.",
        "Mend what the message says.";
    BAD_PHRASE Error "bad-phrase", "a phrase that is none",
        "A cue, guard, immune phrase or entry of a word list does not follow the rule language.",
        "`docs/rules.md` has the whole language; `starcue rubrics try` shows what a rule sees.";
    BAD_REGEX Error "bad-regex", "a regular expression that is none",
        "The regular expression does not parse, or would take more memory than one rule may have (1 MiB compiled).",
        "Mend it, or write a phrase: phrases know inflections and who acts.";

    DEAD_CUE Warning "dead-cue", "a cue that can never match",
        "Not even a sentence made of the cue's own words is caught by it: it asks for something that can't be, such as a start of the sentence behind a word, or an immune phrase or guard always covers it.",
        "Drop it, or mend what stands in its way.";
    DEAD_GUARD Warning "dead-guard", "a guard that changes nothing",
        "A guard voids a cue only where the two overlap. No cue of this rule shares a word with this guard or leaves a gap for one, so it can never void anything.",
        "Write the guard so that it covers the words of the cue: for the cue `let go`, the guard `let go of`.";
    IDLE_CUE Note "idle-cue", "a cue that no example uses",
        "None of the rule's examples is caught by this cue, so nothing shows that it works.",
        "Add a `match` that needs it, or drop it.";
    IDLE_GUARD Note "idle-guard", "a guard that no example needs",
        "None of the rule's examples has a cue that this guard voids, so nothing shows what it is for.",
        "Add a `no_match` that it keeps out, or drop it.";
    UNFED_MOTIVATION Warning "unfed-motivation", "a motivation that no behaviour feeds",
        "Motivations are meant to follow from what somebody did. This one has no behaviour or signal in its `feeds` and no cue of its own, so it can never be found.",
        "Add `feeds = { some-behaviour = 1.0 }`.";
    NO_MATCH_EXAMPLE Error "no-match-example", "a rule without an example that it must catch",
        "Without a `match` nobody can tell whether the rule works, nor see what it is for: `explain` shows the examples.",
        "Add `match = [\"I **let her finish**.\"]`, the evidence between `**`.";
    NO_NO_MATCH_EXAMPLE Error "no-no-match-example", "a rule without an example that it must leave alone",
        "Without a `no_match` nobody can tell how far the rule goes. The best ones look like a match and are none.",
        "Add `no_match = [\"My boss let her finish.\"]`.";
    BAD_MARKS Error "bad-marks", "marks that do not come in pairs",
        "In an example `**` stands before and after the words that must be the evidence; here one of them is missing.",
        "Write `I **let her finish**.`";
    EXAMPLE_MISSING Error "example-missing", "an example that must be caught and is not",
        "The rule does not fire on its own `match`. The finding says whether no cue matched, or which one did and why it does not count.",
        "`starcue rubrics try RULE \"the example\"` shows what the rule sees. Widen a cue, or the `actor`, `mood` or `voice`; what can't be caught yet goes to `known_miss`.";
    EXAMPLE_ELSEWHERE Error "example-elsewhere", "an example that is caught at other words",
        "The rule fires on the example, but not at the words between `**`, so a candidate would be shown the wrong evidence.",
        "Move the marks, or narrow the cue.";
    EXAMPLE_NOISY Error "example-noisy", "an example that must be left alone and is caught",
        "The rule fires on its own `no_match`; the finding says at which words.",
        "Narrow the cue, or add a guard; what can't be kept out yet goes to `known_noise`.";
    KNOWN_MISS_PASSES Warning "known-miss-passes", "a known miss that is caught by now",
        "The rule has learned to catch what stands under `known_miss`.",
        "Move it to `match`, so that it stays caught.";
    KNOWN_NOISE_PASSES Warning "known-noise-passes", "a known noise that is left alone by now",
        "The rule has learned to leave alone what stands under `known_noise`.",
        "Move it to `no_match`, so that it stays so.";
    UNFIRED_RULE Warning "unfired-rule", "a rule that no example fires",
        "Neither an example of its own nor a sample or weak answer of a question that is judged by this rubric makes the rule fire: it may be dead.",
        "Add an example that it must catch, or drop the rule.";

    WEAK_SAMPLE Error "weak-sample", "a sample answer that is not strong",
        "The sample answer of a question is shown as a model, and its own rubric gives it less than band 4.",
        "Mend the sample; the advice under the finding is what a candidate would get.";
    SAMPLE_MINEFIELD Error "sample-minefield", "a sample answer with a serious minefield",
        "The sample answer of a question hits a red flag of its own rubric.",
        "Reword the sample, or, where the flag is wrong, add its words to the rule's `no_match` and a guard.";
    WEAK_OFF_BAND Warning "weak-off-band", "a weak answer off its band",
        "The weak answer of a question is judged to be of another band than its author says.",
        "Reword the answer, or say the band that it gets, if that is fair.";
    WEAK_MINEFIELD Warning "weak-minefield", "a weak answer without its minefield",
        "The author says that this minefield is in the weak answer, and the rubric does not find it.",
        "Reword the answer so that the flag is plain, or take it out of `minefields`.";

    THIN_DRAW Error "thin-draw", "a draw with too few questions",
        "No question comes twice in an interview, and fewer are left of the sort that is drawn here than the plan wants.",
        "Draw fewer, or ask for less: a theme, a role and a level together leave few questions.";
    PLAN_TIME Warning "plan-time", "times that can't be kept",
        "Thinking and answering take longer than the `minutes` that the plan announces, or an answer gets so few seconds that nobody can tell a story.",
        "Raise `minutes`, ask less, or give `answer` more seconds; 0 is no limit.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_unique_and_say_what_they_mean() {
        let ids: BTreeSet<&str> = CODES.iter().map(|c| c.id).collect();
        assert_eq!(ids.len(), CODES.len());
        for code in CODES {
            assert!(code.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{}", code.id);
            assert!(code.meaning.ends_with('.') && !code.remedy.is_empty() && !code.title.is_empty(), "{}", code.id);
        }
        assert_eq!(Code::of("unknown-key").map(|c| c.level), Some(Level::Error));
    }
}
