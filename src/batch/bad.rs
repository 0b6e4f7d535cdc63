//! What can be wrong with a record: stable codes, each with its meaning.

use super::Origin;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Why a record could not be judged. The ids are public and never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Code {
    /// Not JSON, TOML or CSV.
    Syntax,
    /// No answer in it.
    NoAnswer,
    /// A key holds something else than it should.
    WrongType,
    /// Not UTF-8.
    NotUtf8,
    /// Larger than `--max-record`.
    TooLarge,
    /// It names a rubric that there is not.
    UnknownRubric,
    /// It names a rubric whose files have problems.
    BrokenRubric,
    /// It could not be read.
    Unreadable,
}

impl Code {
    /// All codes, in the order in which they are listed.
    pub(crate) const ALL: [Self; 8] = [
        Self::Syntax,
        Self::NoAnswer,
        Self::WrongType,
        Self::NotUtf8,
        Self::TooLarge,
        Self::UnknownRubric,
        Self::BrokenRubric,
        Self::Unreadable,
    ];

    /// The public id.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Syntax => "syntax",
            Self::NoAnswer => "no-answer",
            Self::WrongType => "wrong-type",
            Self::NotUtf8 => "not-utf8",
            Self::TooLarge => "too-large",
            Self::UnknownRubric => "unknown-rubric",
            Self::BrokenRubric => "broken-rubric",
            Self::Unreadable => "unreadable",
        }
    }

    /// What it means, in a sentence.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Syntax => "The record is not well-formed JSON, TOML or CSV.",
            Self::NoAnswer => "The record holds no answer: it is missing, or nothing but white space.",
            Self::WrongType => "A key holds something else than it should, such as a number for the answer.",
            Self::NotUtf8 => "The record is not text in UTF-8.",
            Self::TooLarge => "The record is larger than `--max-record` (1 MiB unless told).",
            Self::UnknownRubric => "The record names a rubric that is not there.",
            Self::BrokenRubric => "The record names a rubric whose files have problems.",
            Self::Unreadable => "The file could not be read, or not to its end.",
        }
    }

    /// What to do about it.
    pub(crate) const fn remedy(self) -> &'static str {
        match self {
            Self::Syntax => {
                "Mend the place that the message names. JSONL wants one whole object a line; CSV wants cells that hold \
                 commas, quotes or line ends in double quotes."
            }
            Self::NoAnswer => {
                "Give `answer` a text, or an object with `situation`, `task`, `action` and `result`; in CSV a column \
                 `answer`, or those four."
            }
            Self::WrongType => "Texts belong in quotes; an answer by section is an object whose four values are texts.",
            Self::NotUtf8 => "Convert the file, for example with `iconv -f WINDOWS-1252 -t UTF-8`.",
            Self::TooLarge => {
                "Raise `--max-record`, or look whether several answers have run into one, for example by a quote that \
                 never closes."
            }
            Self::UnknownRubric => "`starcue rubrics` lists the ids; `--rubric ID` overrides the records' own.",
            Self::BrokenRubric => "Mend the files that the message names.",
            Self::Unreadable => "Look at the file and its permissions.",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A record that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bad {
    /// What is wrong with it.
    pub(crate) code: Code,
    /// Its id, where that could be read.
    pub(crate) id: Option<String>,
    /// What is wrong, and what to do.
    pub(crate) message: String,
}

impl Bad {
    /// A bad record without a known id.
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, id: None, message: message.into() }
    }
}

/// A record that could not be judged (`starcue.error/1`), in its place among the assessments.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(rename = "Error"))]
pub(crate) struct ErrorJson<'a> {
    /// What this is, and the number of its form.
    #[cfg_attr(test, schemars(extend("const" = "starcue.error/1")))]
    schema: &'static str,
    /// Number of the record in the whole input, from 1.
    #[cfg_attr(test, schemars(range(min = 1)))]
    record: usize,
    /// Path of its file; `-` for standard input.
    file: &'a str,
    /// Its id, where that could be read.
    id: Option<&'a str>,
    /// What is wrong with it; `starcue explain CODE` says more. A later version may know further codes.
    #[cfg_attr(test, schemars(extend("examples" = Code::ALL.map(Code::id))))]
    code: &'static str,
    /// What is wrong with it, for people.
    error: &'a str,
    /// The line on which it starts, from 1, where a file holds several records.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "usize", range(min = 1)))]
    line: Option<usize>,
}

impl<'a> ErrorJson<'a> {
    /// The JSON of a bad record at its place.
    pub(crate) fn new(origin: &'a Origin, bad: &'a Bad) -> Self {
        Self {
            schema: "starcue.error/1",
            record: origin.record,
            file: &origin.file,
            id: bad.id.as_deref(),
            code: bad.code.id(),
            error: &bad.message,
            line: origin.line,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_an_id_of_its_own() {
        for (i, code) in Code::ALL.iter().enumerate() {
            assert!(Code::ALL[..i].iter().all(|c| c.id() != code.id()), "{code}");
            assert_eq!(serde_json::to_value(code).unwrap(), code.id(), "a checkpoint calls it the same");
        }
    }

    #[test]
    fn the_json_stands_as_the_contract_has_it() {
        let origin = Origin { file: "a.jsonl".into(), record: 17, line: Some(18) };
        let json = serde_json::to_string(&ErrorJson::new(&origin, &Bad::new(Code::NoAnswer, "no `answer`"))).unwrap();
        assert_eq!(
            json,
            r#"{"schema":"starcue.error/1","record":17,"file":"a.jsonl","id":null,"code":"no-answer","error":"no `answer`","line":18}"#
        );
    }
}
