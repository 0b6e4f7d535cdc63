//! starcue judges answers to behavioural interview questions, offline and with evidence.
//!
//! An answer flows downhill: text, sentences and clauses, cues, context, sections, findings,
//! score, report. The library never prints and never exits.
//!
//! ```no_run
//! use starcue::{Answer, Asked, Library, assess};
//!
//! let library = Library::builtin()?;
//! let rubric = library.rubric("behavioural")?;
//! let answer = Answer::whole("Last May our import failed on a Friday. I rolled it back myself and nothing was lost.");
//! let assessment = assess(&rubric, Asked::text("Tell me about a failure."), &answer);
//! println!("{} of 100, band {}", assessment.score, assessment.band);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod agreement;
mod answer;
pub mod assessment;
pub mod bank;
mod batch;
pub mod check;
pub mod cli;
mod config;
mod content;
pub mod diagnostics;
mod embedded;
mod engine;
mod fnv;
mod history;
mod mock;
mod packs;
mod practice;
mod published;
mod report;
mod text;
mod words;

pub use answer::{Answer, Part, PartKind};
pub use assessment::{Assessment, Kind, Section, Severity, Tenths};
pub use content::question::{Ask, Difficulty, Guide, KeyPoint, Question, Sample, Step, Trap, Weak};
pub use content::rubric::{Band, CapInfo, Family, KindInfo, Rubric, RuleInfo, SectionInfo};
pub use content::{Library, Origin, RubricError};
pub use engine::examples::{ExampleFault, ExampleReport, run_examples};
pub use engine::trace::{ClauseTrace, CueTrace, SentenceTrace, Trace, trace};
pub use engine::{Asked, assess};
pub use published::OutputKind;
