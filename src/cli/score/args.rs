//! The arguments of `starcue score`.

use crate::assessment::Tenths;
use crate::batch::{InputFormat, Mapping};
use clap::ValueEnum;
use std::path::{Path, PathBuf};

/// Assess written answers, from files or standard input
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  starcue score answer.md                         the whole report of one answer
  starcue score --question esc-handle answer.txt  with the question it answers
  starcue score answers/ --to csv --output scores.csv
  starcue score answers/ -o scores.html           one page: bands, minefields, every answer with its evidence
  cat answers.jsonl | starcue score - --to jsonl --jobs 4
  starcue score drafts/*.md --fail-under 60 --fail-on serious
  starcue score survey.csv --map answer=Response --map id=Nr --top 20
  starcue score archive.jsonl.zst -o results.jsonl      stopped? the same with --resume goes on
  starcue score answers.jsonl --summary                 bands, minefields and sections instead of records

JSONL is one object a line: `answer` (a text, or an object with `situation`, `task`, `action`, `result`), and
where they are known `id`, `question` (an id or any text) and `rubric`. TOML and CSV use the same names. Text and
Markdown files hold one answer each; labels or headings such as `Situation:` split it into sections.

Files may be packed with gzip or zstd. A build with the feature `parquet` reads and writes Parquet, with the columns
of CSV. Input of any size takes the same memory, except for a page of HTML, which is kept until it is whole; any
number of threads writes the same bytes.

A record that cannot be read never stops the others: an error stands in its place, and the exit status is 2.

Exit status: 0 done; 1 an answer is below --fail-under or matches --fail-on; 2 wrong usage, a missing file or
bad records (2 wins over 1); 130 interrupted.")]
pub(crate) struct Args {
    /// Files, folders or patterns such as 'answers/**/*.md'; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
    /// How the answers are written [default: by the file's ending; JSONL for standard input]
    #[arg(long, value_name = "FORMAT")]
    pub(super) from: Option<InputFormat>,
    /// Column or key that holds what starcue calls answer, id, question, rubric or a section
    #[arg(long, value_name = "OURS=THEIRS")]
    pub(super) map: Vec<Mapping>,
    /// How the assessments are written [default: human on a terminal, else jsonl]
    #[arg(long, value_name = "FORMAT")]
    pub(super) to: Option<OutputFormat>,
    /// Write to this file instead of standard output; until it is whole it is called FILE.partial
    #[arg(long, short, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
    /// Go on with an output file that an earlier run left partial, from its last checkpoint
    #[arg(long, requires = "output")]
    pub(super) resume: bool,
    /// Seconds between two checkpoints of an output file
    #[arg(long, value_name = "SECONDS", default_value = "5")]
    pub(super) checkpoint: u16,
    /// Judge every answer by this rubric, whatever the records say
    #[arg(long, value_name = "ID")]
    pub(super) rubric: Option<String>,
    /// What was asked, for answers that name no question: an id of the bank, or any text
    #[arg(long, value_name = "ID|TEXT")]
    pub(super) question: Option<String>,
    /// Exit with status 1 where any score is below N
    #[arg(long, value_name = "N", value_parser = points)]
    pub(super) fail_under: Option<Tenths>,
    /// Exit with status 1 where any answer hits one of these minefields; `serious` for any serious one
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    pub(super) fail_on: Vec<String>,
    /// Only the N best answers, the best first
    #[arg(long, value_name = "N", conflicts_with = "bottom")]
    pub(super) top: Option<usize>,
    /// Only the N weakest answers, the weakest first
    #[arg(long, value_name = "N")]
    pub(super) bottom: Option<usize>,
    /// A summary instead of the records: bands, kinds, sections, minefields, behaviours; `--summary=FILE`
    /// writes it beside them (.json, .csv, .md, else text)
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "-")]
    pub(super) summary: Option<PathBuf>,
    /// Only these keys of jsonl and json, or these columns of csv and parquet (`assessment` holds all of jsonl)
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub(super) select: Vec<String>,
    /// Threads [default: one for each processor]
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) jobs: Option<u16>,
    /// The largest record, in bytes; KiB and MiB are understood
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = size)]
    pub(super) max_record: usize,
    /// Stop after more than N bad records
    #[arg(long, value_name = "N")]
    pub(super) max_errors: Option<usize>,
    /// Exit with status 0 in spite of bad records
    #[arg(long)]
    pub(super) allow_errors: bool,
    /// The answer was spoken, and is a transcript: the report of one answer tells pace and fillers too
    #[arg(long)]
    pub(super) spoken: bool,
    /// How long it took to tell, in seconds: the report of one answer tells whether that is a good length
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=86_400))]
    pub(super) duration: Option<u32>,
    /// How much evidence jsonl and json carry
    #[arg(long, value_name = "DETAIL", default_value = "quotes")]
    pub(super) evidence: Evidence,
    /// What else jsonl, json and csv carry
    #[arg(long, value_name = "WHAT")]
    pub(super) include: Vec<Include>,
    /// Show how the engine sees each answer instead: clauses, actors, moods, cues and why they count
    /// (as text, or with `--to jsonl` as an object a line)
    #[arg(long)]
    pub(super) trace: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// For people: a report of one answer, a line for each of several
    Human,
    /// One array
    Json,
    /// One object a line, as they come
    Jsonl,
    /// A row an answer, for spreadsheets
    Csv,
    /// A row an answer, for data frames (in a build with the feature `parquet`)
    Parquet,
    /// A report an answer
    Markdown,
    /// One self-contained page: what all answers say together, and each of them
    Html,
    /// A test case an answer, for build servers
    Junit,
    /// SARIF 2.1.0: a result a minefield
    Sarif,
    /// Commands of GitHub's workflows: an annotation a minefield
    Github,
}

impl OutputFormat {
    /// The format that the ending of an output file tells.
    pub(super) fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "json" => Some(Self::Json),
            "jsonl" => Some(Self::Jsonl),
            "csv" => Some(Self::Csv),
            "parquet" => Some(Self::Parquet),
            "md" => Some(Self::Markdown),
            "html" | "htm" => Some(Self::Html),
            "xml" => Some(Self::Junit),
            "sarif" => Some(Self::Sarif),
            _ => None,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Evidence {
    /// Nothing
    None,
    /// Byte offsets and rules
    Spans,
    /// Byte offsets, rules and the words themselves
    Quotes,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Include {
    /// The text that the offsets address
    Text,
}

fn points(text: &str) -> Result<Tenths, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.0..=100.0).contains(&n) => Ok(Tenths::from_points(n)),
        _ => Err("a score is a number from 0 to 100".to_owned()),
    }
}

fn size(text: &str) -> Result<usize, String> {
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = match text[digits.len()..].trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return Err("write a number of bytes, or such as 64KiB or 2MiB".to_owned()),
    };
    let bytes = digits.parse::<usize>().ok().and_then(|n| n.checked_mul(unit)).filter(|n| (1..=1 << 40).contains(n));
    bytes.ok_or_else(|| "write a number of bytes from 1 on, such as 65536 or 2MiB".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::LARGEST_RECORD;

    #[test]
    fn sizes_are_written_as_people_write_them() {
        assert_eq!((size("65536"), size("64KiB"), size("2 MiB")), (Ok(65536), Ok(65536), Ok(2 << 20)));
        assert_eq!(size("1MiB"), Ok(LARGEST_RECORD), "what is said of the default holds");
        assert!(size("0").is_err() && size("many").is_err() && size("9 acres").is_err());
    }

    #[test]
    fn a_score_to_fail_under_lies_between_none_and_all() {
        assert_eq!(points("62.5"), Ok(Tenths(625)));
        assert!(points("101").is_err() && points("NaN").is_err() && points("-1").is_err());
    }
}
