//! Parquet in and out: `cargo test --release --features parquet --test parquet`.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

#[path = "common/drill.rs"]
mod drill;

use drill::{lines, score};
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::schema::parser::parse_message_type;
use predicates::str::contains;
use serde_json::Value;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A column of a test file.
enum Column {
    Texts(Vec<Option<Vec<u8>>>),
    Numbers(Vec<i64>),
}

fn texts(texts: &[Option<&str>]) -> Column {
    Column::Texts(texts.iter().map(|t| t.map(|t| t.as_bytes().to_vec())).collect())
}

/// Writes a file whose columns (all leaves of the schema, in order) hold these values, so many rows a group.
fn write(path: &Path, schema: &str, columns: &[Column], group: usize) {
    let schema = Arc::new(parse_message_type(schema).unwrap());
    let mut file =
        SerializedFileWriter::new(File::create(path).unwrap(), schema, Arc::new(WriterProperties::default())).unwrap();
    let rows = match &columns[0] {
        Column::Texts(texts) => texts.len(),
        Column::Numbers(numbers) => numbers.len(),
    };
    for start in (0..rows).step_by(group) {
        let end = rows.min(start + group);
        let mut part = file.next_row_group().unwrap();
        for column in columns {
            let mut out = part.next_column().unwrap().unwrap();
            match column {
                Column::Texts(texts) => {
                    let texts = &texts[start..end];
                    // A leaf of a structure is defined one level deeper.
                    let deep = out.typed::<ByteArrayType>().get_descriptor().max_def_level();
                    let levels: Vec<i16> = texts.iter().map(|t| if t.is_some() { deep } else { 0 }).collect();
                    let values: Vec<_> = texts.iter().flatten().map(|t| ByteArray::from(t.clone())).collect();
                    out.typed::<ByteArrayType>().write_batch(&values, Some(&levels), None).unwrap();
                }
                Column::Numbers(numbers) => {
                    out.typed::<Int64Type>().write_batch(&numbers[start..end], None, None).unwrap();
                }
            }
            out.close().unwrap();
        }
        part.close().unwrap();
    }
    file.close().unwrap();
}

const PLAIN: &str =
    "message m { required int64 nr; optional binary question (UTF8); optional binary note; optional binary answer; }";

/// So many rows as Parquet, and the same as JSONL. One in fifty is bad.
fn corpus(dir: &Path, rows: usize) -> (PathBuf, String) {
    let story =
        |i: usize| "The alarm went off at two. I counted heads and led them down the stairs. ".repeat(1 + i % 5);
    let answers: Vec<Option<String>> = (0..rows).map(|i| (i % 50 != 7).then(|| story(i))).collect();
    let questions: Vec<Option<&str>> = (0..rows).map(|i| (i % 3 == 0).then_some("Tell me about a drill.")).collect();
    let path = dir.join("answers.parquet");
    let columns = [
        Column::Numbers((0..rows as i64).collect()),
        texts(&questions),
        texts(&vec![Some("never looked at"); rows]),
        texts(&answers.iter().map(Option::as_deref).collect::<Vec<_>>()),
    ];
    write(&path, PLAIN, &columns, 700);
    let line =
        |i: usize| serde_json::json!({ "id": i, "question": questions[i], "answer": answers[i] }).to_string() + "\n";
    (path, (0..rows).map(line).collect())
}

#[test]
fn rows_give_what_the_same_lines_give() {
    let dir = tempfile::tempdir().unwrap();
    let (path, jsonl) = corpus(dir.path(), 1500);
    let from_lines = score().write_stdin(jsonl).output().unwrap();
    for jobs in ["1", "2"] {
        let from_rows = score().args(["--map", "id=nr", "--jobs", jobs]).arg(&path).output().unwrap();
        assert_eq!((from_rows.status.code(), from_lines.status.code()), (Some(2), Some(2)), "there are bad records");
        let (a, b) = (lines(&from_rows.stdout), lines(&from_lines.stdout));
        assert_eq!(a.len(), 1500);
        for (a, b) in a.iter().zip(&b) {
            if a["code"].is_null() {
                assert_eq!(a, b);
            } else {
                assert_eq!((&a["code"], &a["record"], &a["id"]), (&b["code"], &b["record"], &b["id"]));
            }
        }
    }
}

#[test]
fn bad_rows_are_told_in_their_place_with_their_number() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.parquet");
    let cells = [b"I counted heads.".to_vec(), b"caf\xe9".to_vec(), b" \n".to_vec(), vec![b'a'; 5000]];
    write(
        &path,
        "message m { optional binary Id (UTF8); optional binary Answer (UTF8); }",
        &[texts(&[None, Some("b"), Some("c"), Some("d")]), Column::Texts(cells.map(Some).to_vec())],
        10,
    );
    let output = score().args(["--max-record", "4096"]).arg(&path).output().unwrap();
    let found = lines(&output.stdout);
    let codes: Vec<_> = found.iter().map(|l| (l["id"].as_str(), l["code"].as_str())).collect();
    assert_eq!(
        codes,
        [
            (Some("1"), None),
            (Some("b"), Some("not-utf8")),
            (Some("c"), Some("no-answer")),
            (Some("d"), Some("too-large"))
        ]
    );
    assert!(found[1]["error"].as_str().unwrap().starts_with("row 2: byte 4 of `answer` is not UTF-8"), "{}", found[1]);
}

#[test]
fn sections_may_be_columns_or_a_structure_and_columns_may_have_any_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.parquet");
    let text = |path: &Path, more: &[&str]| {
        let output = score().args(["--include", "text"]).args(more).arg(path).output().unwrap();
        lines(&output.stdout)[0].clone()
    };
    let two = [texts(&[Some("It burnt.")]), texts(&[Some("I counted heads.")])];
    write(&path, "message m { optional binary situation (UTF8); optional binary action (UTF8); }", &two, 10);
    assert_eq!(text(&path, &[])["text"], "It burnt.\n\nI counted heads.");
    let nested =
        "message m { optional group answer { optional binary situation (UTF8); optional binary action (UTF8); } }";
    write(&path, nested, &two, 10);
    assert_eq!(text(&path, &[])["text"], "It burnt.\n\nI counted heads.");
    let other = "message m { optional binary Answer (UTF8); optional binary Response (UTF8); }";
    write(&path, other, &two, 10);
    assert_eq!(text(&path, &["--map", "answer=response"])["text"], "I counted heads.");
    let none = text(&path, &["--map", "answer=reply"]);
    assert!(none["error"].as_str().unwrap().contains("no column `reply`"), "{none}");
    write(&path, "message m { required int64 nr; }", &[Column::Numbers(vec![1])], 10);
    let none = text(&path, &[]);
    assert_eq!(none["code"], "no-answer");
    assert!(none["error"].as_str().unwrap().contains("it has nr"), "{none}");
    let lists =
        "message m { optional group answer (LIST) { repeated group list { optional binary element (UTF8); } } }";
    write(&path, lists, &[Column::Texts(vec![])], 10);
    assert_eq!(text(&path, &[])["code"], "no-answer", "the answer is no list");
}

/// The rows of a file, each as its fields by name.
fn read(path: &Path) -> Vec<Vec<(String, Field)>> {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().into_columns().into_iter().collect()).collect()
}

fn field<'a>(row: &'a [(String, Field)], name: &str) -> &'a Field {
    &row.iter().find(|(n, _)| n == name).unwrap_or_else(|| panic!("{name}: {row:?}")).1
}

#[test]
fn results_are_the_columns_of_csv_with_numbers_and_lists() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out.parquet");
    let files = ["tests/cli/answers/drills.jsonl", "tests/cli/answers/broken.jsonl"];
    score().args(files).arg("-o").arg(&out).assert().code(2);
    let rows = read(&out);
    let expected = lines(&score().args(files).output().unwrap().stdout);
    assert_eq!(rows.len(), expected.len());
    let table = score().args(files).args(["--to", "csv"]).output().unwrap().stdout;
    let header: Vec<&str> = std::str::from_utf8(&table).unwrap().lines().next().unwrap().split(',').collect();
    assert_eq!(rows[0].iter().map(|(n, _)| n.as_str()).collect::<Vec<_>>(), header);
    for (row, line) in rows.iter().zip(&expected) {
        if let Some(code) = line["code"].as_str() {
            assert_eq!((field(row, "error_code"), field(row, "score")), (&Field::Str(code.to_owned()), &Field::Null));
            assert_eq!(field(row, "minefields"), &Field::Null);
            continue;
        }
        assert_eq!(field(row, "score"), &Field::Double(line["score"].as_f64().unwrap()));
        assert_eq!(field(row, "band"), &Field::Long(line["band"].as_i64().unwrap()));
        let Field::ListInternal(ids) = field(row, "minefields") else { panic!("{row:?}") };
        let ids: Vec<_> = ids.elements().iter().map(|id| id.to_string().trim_matches('"').to_owned()).collect();
        let found: Vec<_> =
            line["minefields"].as_array().unwrap().iter().map(|m| m["id"].as_str().unwrap().to_owned()).collect();
        assert_eq!(ids, found);
    }
    score().args(files).args(["--select", "assessment,id", "-o"]).arg(&out).assert().code(2);
    let row = &read(&out)[0];
    assert_eq!(row.len(), 2);
    let Field::Str(json) = field(row, "assessment") else { panic!("{row:?}") };
    assert_eq!(serde_json::from_str::<Value>(json).unwrap(), expected[0]);
}

#[test]
fn the_same_rows_make_the_same_file_on_any_number_of_threads() {
    let dir = tempfile::tempdir().unwrap();
    let (path, _) = corpus(dir.path(), 1500);
    let run = |jobs: &str| {
        let args = ["--select", "id,score,minefields,assessment", "--to", "parquet", "--map", "id=nr", "--jobs", jobs];
        score().args(args).arg(&path).output().unwrap().stdout
    };
    let (one, two) = (run("1"), run("2"));
    assert!(one.starts_with(b"PAR1") && one.ends_with(b"PAR1") && one == two);
}

#[test]
fn an_interrupted_run_over_rows_goes_on_to_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    let (path, _) = corpus(dir.path(), 1500);
    let out = dir.path().join("out.jsonl");
    let run = |more: &[&str]| {
        let mut command = score();
        command.args(["--map", "id=nr", "--checkpoint", "0"]).args(more).arg(&path).arg("-o").arg(&out);
        command
    };
    run(&["--max-errors", "20"]).assert().code(2).stderr(contains("--resume"));
    assert!(!out.exists());
    run(&["--resume"]).assert().code(2);
    let whole = score().args(["--map", "id=nr"]).arg(&path).output().unwrap().stdout;
    assert!(fs::read(&out).unwrap() == whole);
    // Another file in its place is refused.
    fs::remove_file(&out).unwrap();
    run(&["--max-errors", "20"]).assert().code(2);
    let other = texts(&vec![Some("I took the lift."); 1500]);
    let schema = "message m { required int64 nr; optional binary answer (UTF8); }";
    write(&path, schema, &[Column::Numbers((0..1500).collect()), other], 700);
    run(&["--resume"]).assert().code(2).stderr(contains("is not what it was"));
    score().args(["--resume", "-o", "x.parquet"]).arg(&path).assert().code(2).stderr(contains("not with"));
}

#[test]
fn a_file_that_is_cut_short_or_broken_is_told_and_nothing_falls_over() {
    let dir = tempfile::tempdir().unwrap();
    let (path, _) = corpus(dir.path(), 60);
    let whole = fs::read(&path).unwrap();
    let broken = dir.path().join("broken.parquet");
    let mut told = 0;
    let cuts = (0..40).map(|i| whole[..whole.len() * i / 40].to_vec());
    let flips = (0..60).map(|i| {
        let mut bytes = whole.clone();
        let at = bytes.len() * i / 60;
        bytes[at] ^= 0x55;
        bytes
    });
    for bytes in cuts.chain(flips) {
        fs::write(&broken, &bytes).unwrap();
        let output = score().args(["--map", "id=nr"]).arg(&broken).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(matches!(output.status.code(), Some(0 | 2)), "{said}");
        assert!(!said.contains("panicked"), "{said}");
        told += usize::from(lines(&output.stdout).iter().any(|l| l["code"] == "unreadable"));
    }
    assert!(told >= 40, "{told}");
}

#[test]
fn parquet_needs_a_file() {
    let refused = score().args(["--from", "parquet", "-"]).write_stdin("PAR1").assert().code(2);
    refused.stderr(contains("name the file"));
}
