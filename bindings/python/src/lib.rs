//! Python bindings of starcue: `starcue.score(text)`, and `starcue.score_many(texts)` on all
//! processors, without the interpreter's lock.

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use rayon::prelude::*;
use starcue::assessment::{AssessmentJson, EvidenceDetail, Fields};
use starcue::{Answer, Asked, Library, Rubric, assess};
use std::sync::{Arc, OnceLock};

/// The built-in content, opened once a process.
fn library() -> PyResult<&'static Library> {
    static LIBRARY: OnceLock<Result<Library, String>> = OnceLock::new();
    let opened = LIBRARY.get_or_init(|| Library::builtin().map_err(|e| e.to_string()));
    opened.as_ref().map_err(|e| PyRuntimeError::new_err(e.clone()))
}

/// What all answers of a call have in common.
struct Bench<'a> {
    question: Option<&'a str>,
    asked: Asked<'a>,
    rubric: Arc<Rubric>,
}

impl<'a> Bench<'a> {
    /// The rubric is the one that is named, else the question's, else `behavioural`.
    fn new(library: &'static Library, question: Option<&'a str>, rubric: Option<&str>) -> PyResult<Self> {
        let known = question.and_then(|q| library.question(q.trim()));
        let id = rubric.or(known.map(|q| q.rubric.as_str())).unwrap_or("behavioural");
        let rubric = library.rubric(id).map_err(|e| PyValueError::new_err(e.to_string()))?;
        let asked = match (known, question) {
            (Some(question), _) => Asked::bank(question),
            (None, Some(text)) => Asked::text(text),
            (None, None) => Asked::default(),
        };
        Ok(Self { question, asked, rubric })
    }

    /// The assessment as `starcue score --to jsonl` writes it.
    fn json(&self, id: &str, text: &str) -> Result<String, serde_json::Error> {
        let answer = Answer::whole(text);
        let assessment = assess(&self.rubric, self.asked, &answer);
        serde_json::to_string(&AssessmentJson {
            id,
            question: self.question,
            assessment: &assessment,
            text: answer.text(),
            detail: EvidenceDetail::Quotes,
            include_text: false,
            fields: Fields::default(),
        })
    }
}

fn broken(error: &serde_json::Error) -> PyErr {
    PyRuntimeError::new_err(error.to_string())
}

/// The assessment of one answer: a dict of the shape `starcue.assessment/1`.
///
/// `question` is the id of a question of the bank, or any text; `rubric` overrides its rubric.
#[pyfunction]
#[pyo3(signature = (text, *, question=None, rubric=None, id="1"))]
fn score<'py>(
    py: Python<'py>,
    text: &str,
    question: Option<&str>,
    rubric: Option<&str>,
    id: &str,
) -> PyResult<Bound<'py, PyAny>> {
    let bench = Bench::new(library()?, question, rubric)?;
    let json = py.detach(|| bench.json(id, text)).map_err(|e| broken(&e))?;
    py.import("json")?.call_method1("loads", (json,))
}

/// The assessments of many answers, in their order, as JSON texts: what `json.loads` makes of each is
/// what `score` gives. All processors work on them, and other Python threads go on meanwhile.
///
/// The answers are called by their numbers, from 1, unless `ids` names them.
#[pyfunction]
#[pyo3(signature = (texts, *, question=None, rubric=None, ids=None))]
fn score_many(
    py: Python<'_>,
    texts: Vec<String>,
    question: Option<&str>,
    rubric: Option<&str>,
    ids: Option<Vec<String>>,
) -> PyResult<Vec<String>> {
    if let Some(ids) = &ids
        && ids.len() != texts.len()
    {
        return Err(PyValueError::new_err(format!("{} ids for {} texts", ids.len(), texts.len())));
    }
    let bench = Bench::new(library()?, question, rubric)?;
    let one = |(at, text): (usize, &String)| match &ids {
        Some(ids) => bench.json(&ids[at], text),
        None => bench.json(&(at + 1).to_string(), text),
    };
    py.detach(|| texts.par_iter().enumerate().map(one).collect::<Result<Vec<_>, _>>()).map_err(|e| broken(&e))
}

/// A coach for behavioural interviews: answers scored offline, with the words behind every point.
#[pymodule]
#[pyo3(name = "starcue")]
fn python_module(exported: &Bound<'_, PyModule>) -> PyResult<()> {
    exported.add_function(wrap_pyfunction!(score, exported)?)?;
    exported.add_function(wrap_pyfunction!(score_many, exported)?)
}
