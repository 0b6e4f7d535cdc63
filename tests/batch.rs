//! Many answers: packed files, other column names, checkpoints, formats for build servers.

#![allow(clippy::unwrap_used, reason = "a test stops where it is surprised")]

#[path = "common/drill.rs"]
mod drill;

use assert_cmd::Command;
use drill::{lines, score};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

/// So many records; one in fifty is bad.
fn records(count: usize) -> String {
    let mut text = String::new();
    for i in 0..count {
        let words = "The alarm went off at two. I counted heads and led them down the stairs. ".repeat(1 + i % 5);
        let answer = if i % 50 == 7 { "3".to_owned() } else { format!("{words:?}") };
        writeln!(text, "{{\"id\":\"r{i}\",\"answer\":{answer}}}").unwrap();
    }
    text
}

fn gzip(text: &str) -> Vec<u8> {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(text.as_bytes()).unwrap();
    gz.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest)
}

#[test]
fn packed_files_patterns_and_standard_input_give_what_the_plain_file_gives() {
    let dir = tempfile::tempdir().unwrap();
    let text = records(40);
    let plain = score().write_stdin(text.clone()).output().unwrap().stdout;
    assert_eq!(lines(&plain).len(), 40);
    fs::write(dir.path().join("a.jsonl.gz"), gzip(&text)).unwrap();
    fs::write(dir.path().join("b.jsonl.zst"), zstd(&text)).unwrap();
    for pattern in ["a.*", "*.zst"] {
        let packed = score().arg(dir.path().join(pattern)).output().unwrap();
        let good = |bytes: &[u8]| lines(bytes).into_iter().filter(|l| l["code"].is_null()).collect::<Vec<_>>();
        assert_eq!(good(&packed.stdout), good(&plain), "{pattern}");
    }
    assert_eq!(score().write_stdin(gzip(&text)).output().unwrap().stdout, plain);
}

#[test]
fn a_gzip_file_that_breaks_off_is_judged_as_far_as_it_goes_and_the_rest_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("cut.jsonl.gz");
    let whole = gzip(&records(2000));
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    let output = score().arg(&path).output().unwrap();
    let lines = lines(&output.stdout);
    assert!(lines.len() > 100, "{}", lines.len());
    let last = lines.last().unwrap();
    assert_eq!((&last["code"], &last["record"]), (&"unreadable".into(), &lines.len().into()));
    assert_eq!(last["line"], lines.len(), "the line that could not be read");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn columns_and_keys_of_any_name_hold_the_answer() {
    let csv = "Nr;Answer;Response\n4;ignore me;I counted heads.\n";
    let map = ["--map", "answer=response", "--map", "id=nr", "--include", "text"];
    let table = score().args(["--from", "csv", "-"]).args(map).write_stdin(csv).output().unwrap();
    let line = &lines(&table.stdout)[0];
    assert_eq!((&line["id"], &line["text"]), (&"4".into(), &"I counted heads.".into()));
    let json = r#"{"nr":4,"answer":"ignore me","response":"I counted heads."}"#;
    let object = score().args(map).write_stdin(json).output().unwrap();
    assert_eq!(lines(&object.stdout)[0]["text"], "I counted heads.");
    let missing = score().args(["--from", "csv", "-", "--map", "answer=reply"]).write_stdin(csv).assert().code(2);
    missing.stdout(contains("no column `reply`"));
    score().args(["--map", "reply=answer"]).write_stdin(json).assert().code(2).stderr(contains("none of id, question"));
}

#[test]
fn a_line_of_many_megabytes_costs_neither_memory_nor_its_neighbours() {
    let mut input = b"{\"answer\":\"I counted heads.\"}\n{\"answer\":\"".to_vec();
    input.resize(input.len() + (64 << 20), b'a');
    input.extend(b"\"}\n{\"answer\":\"I led them out.\"}\n");
    let output = score().write_stdin(input).output().unwrap();
    let codes: Vec<_> = lines(&output.stdout).iter().map(|l| l["code"].clone()).collect();
    assert_eq!(codes, [Value::Null, "too-large".into(), Value::Null]);
}

#[test]
fn too_many_bad_records_stop_the_run_at_the_same_record_on_any_number_of_threads() {
    let run = |jobs| score().args(["--max-errors", "3", "--jobs", jobs]).write_stdin(records(900)).output().unwrap();
    let (one, two) = (run("1"), run("2"));
    assert_eq!(lines(&one.stdout).len(), 158, "the fourth bad record is number 158");
    assert!(one.stdout == two.stdout && one.stderr == two.stderr);
    let said = String::from_utf8(one.stderr).unwrap();
    assert!(said.contains("stopped after record 158") && said.contains("4 bad records of 158"), "{said}");
    assert_eq!(one.status.code(), Some(2));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_error_that_says_what_could_not_be_written() {
    score()
        .args(["-o", "/dev/full"])
        .write_stdin(records(3))
        .assert()
        .code(2)
        .stderr(contains("cannot write `/dev/full`: No space left"));
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("starcue"))
        .args(["score", "examples/answers.jsonl", "--to", "csv"])
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    std::io::Read::read_to_string(&mut child.stderr.take().unwrap(), &mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(2));
    assert!(said.contains("cannot write standard output"), "{said}");
}

#[test]
fn an_output_file_has_its_name_only_when_it_is_whole() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out.jsonl");
    fs::write(&out, "what was there before").unwrap();
    let run = |more: &[&str]| {
        let mut command = score();
        command.arg("-o").arg(&out).args(["--checkpoint", "0", "--max-errors"]).args(more).write_stdin(records(900));
        command
    };
    run(&["3"]).assert().code(2).stderr(contains("--resume"));
    assert_eq!(fs::read_to_string(&out).unwrap(), "what was there before");
    run(&["99"]).assert().code(2).stderr(contains("add `--resume` to go on, or delete"));
    run(&["99", "--resume", "--evidence", "none"]).assert().code(2).stderr(contains("another evidence"));
    run(&["99", "--resume"]).assert().code(2);
    let whole = score().write_stdin(records(900)).output().unwrap().stdout;
    assert!(fs::read(&out).unwrap() == whole, "the same bytes as an undisturbed run");
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn another_input_is_not_taken_for_the_one_that_was_begun() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out.jsonl");
    let run = |input: String, more: &[&str]| {
        let mut command = score();
        command.arg("-o").arg(&out).args(["--checkpoint", "0"]).args(more).write_stdin(input);
        command
    };
    run(records(900), &["--max-errors", "3"]).assert().code(2);
    let other = records(900).replacen("two", "six", 1);
    run(other, &["--resume"]).assert().code(2).stderr(contains("is not what it was"));
}

/// A process that is killed again and again, at a moment that nobody chose.
#[cfg(unix)]
fn killed_until_done(dir: &Path, input: &Path, out: &Path, more: &[&str]) -> usize {
    let mut kills = 0;
    loop {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("starcue"))
            .args(["score", "--content", "tests/cli/content", "--rubric", "drill", "--checkpoint", "0", "--resume"])
            .args(more)
            .arg("-o")
            .arg(out)
            .arg(input)
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let mark = dir.join(format!("{}.partial.json", out.file_name().unwrap().to_str().unwrap()));
        let length = || {
            fs::read(&mark).map_or(0, |bytes| {
                serde_json::from_slice::<Value>(&bytes).map_or(0, |v| v["written"].as_u64().unwrap())
            })
        };
        let before = length();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                assert_eq!(status.code(), Some(2), "there are bad records in it");
                return kills;
            }
            if kills < 3 && length() > before {
                child.kill().unwrap();
                child.wait().unwrap();
                kills += 1;
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(1));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_killed_goes_on_without_a_duplicate_or_a_gap() {
    let dir = tempfile::tempdir().unwrap();
    let text = records(1500);
    let runs = [
        ("a.jsonl", text.clone().into_bytes(), "out.jsonl"),
        ("b.jsonl.gz", gzip(&text), "out.csv"),
        ("c.csv", csv(&text), "out.json"),
    ];
    for (name, bytes, to) in runs {
        let (input, out) = (dir.path().join(name), dir.path().join(to));
        fs::write(&input, &bytes).unwrap();
        let kills = killed_until_done(dir.path(), &input, &out, &["--jobs", "2"]);
        assert!(kills > 0, "{name} to {to}: too quick to be killed");
        let whole = dir.path().join(format!("whole.{to}"));
        score().arg("-o").arg(&whole).arg(&input).assert().code(2);
        assert!(fs::read(&out).unwrap() == fs::read(&whole).unwrap(), "{name} to {to} after {kills} kills");
    }
}

fn csv(records: &str) -> Vec<u8> {
    let mut table = b"id,answer\n".to_vec();
    for line in records.lines() {
        let record: Value = serde_json::from_str(line).unwrap();
        let answer = record["answer"].as_str().unwrap_or_default().replace(". ", ".\n");
        writeln!(table, "{},\"{answer}\"", record["id"].as_str().unwrap()).unwrap();
    }
    table
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_with_what_is_done() {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::Stdio;
    let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("starcue"))
        .args(["score", "--to", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdin.write_all(b"{\"answer\":\"I counted heads.\"}\n").unwrap();
    let mut all = String::new();
    stdout.read_line(&mut all).unwrap();
    let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
    std::thread::sleep(std::time::Duration::from_millis(300));
    nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGINT).unwrap();
    stdout.read_to_string(&mut all).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Value>>(&all).unwrap().len(), 1, "the array is closed: {all}");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(said.contains("interrupted after 1 records"), "{said}");
}

#[test]
fn the_best_and_the_worst_are_picked_in_every_format() {
    let drills = "tests/cli/answers/drills.jsonl";
    let scores = |more: &[&str]| {
        let output = score().args(more).arg(drills).output().unwrap();
        lines(&output.stdout).iter().map(|l| l["score"].as_f64().unwrap()).collect::<Vec<_>>()
    };
    let all = scores(&[]);
    let (top, bottom) = (scores(&["--top", "2"]), scores(&["--bottom", "2"]));
    let mut sorted = all.clone();
    sorted.sort_by(f64::total_cmp);
    assert_eq!(bottom, sorted[..2]);
    sorted.reverse();
    assert_eq!(top, sorted[..2]);
    let human = score().args(["--top", "1", "--to", "human", drills]).assert().success();
    human.stdout(contains(" of 100"));
    score().args(["--top", "1", "--resume", "-o", "x.jsonl", drills]).assert().code(2).stderr(contains("rankings"));
}

#[test]
fn fields_are_chosen_and_slips_are_told() {
    let run = |more: &[&str]| {
        let mut command = score();
        command.args(more).write_stdin("{\"id\":\"a\",\"answer\":\"I counted heads.\"}");
        command
    };
    run(&["--select", "band,id"]).assert().stdout(predicate::str::starts_with("{\"id\":\"a\",\"band\":"));
    run(&["--to", "csv", "--select", "band,id"]).assert().stdout(predicate::str::starts_with("band,id\n"));
    run(&["--select", "bands"]).assert().code(2).stderr(contains("did you mean `band`?"));
    run(&["--to", "markdown", "--select", "band"]).assert().code(2);
}

#[test]
fn build_servers_get_what_they_read() {
    let drills = ["tests/cli/answers/drills.jsonl", "tests/cli/answers/broken.jsonl"];
    let run = |to: &str| {
        let bars = ["--fail-under", "50", "--fail-on", "serious", "--to", to];
        String::from_utf8(score().args(bars).args(drills).output().unwrap().stdout).unwrap()
    };
    let junit = run("junit");
    assert_eq!(junit.matches("<testcase ").count(), 8);
    assert_eq!(junit.matches("<error ").count(), 3, "{junit}");
    assert!(junit.contains("<failure message=") && junit.ends_with("</testsuites>\n"));
    let sarif: Value = serde_json::from_str(&run("sarif")).unwrap();
    let run_ = &sarif["runs"][0];
    let results = run_["results"].as_array().unwrap();
    let rules: Vec<_> = run_["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|r| &r["id"]).collect();
    assert!(results.len() >= 5 && results.iter().all(|r| rules.contains(&&r["ruleId"])), "{sarif:#}");
    assert_eq!(results.last().unwrap()["locations"][0]["physicalLocation"]["region"]["startLine"], 6);
    let github = run("github");
    let lift = github.lines().find(|l| l.contains("takes-the-lift")).unwrap();
    assert!(
        lift.starts_with("::error file=tests/cli/answers/drills.jsonl,line=2,title=takes-the-lift::lift:"),
        "{lift}"
    );
}

#[test]
fn build_servers_are_sent_to_the_lines_of_the_words_in_files_of_one_answer() {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        (
            "a.md",
            "# Drill\n\n## Situation\n\nIn May the alarm went off.\n\n## Action\n\nI counted heads.\nThen I took\nthe lift.\n",
        ),
        (
            "b.toml",
            "[answer]\nresult = \"All were out.\"\naction = \"\"\"\nI counted heads, \\\n    all of them.\n\nI took the lift.\"\"\"\n",
        ),
        ("c.txt", "In May the alarm went off.\nI took the lift.\n"),
        ("d.csv", "answer\n\"In May.\nI took the lift.\"\n"),
    ];
    for (name, text) in files {
        fs::write(dir.path().join(name), text).unwrap();
    }
    let run =
        |to: &str| String::from_utf8(score().args(["--to", to]).arg(dir.path()).output().unwrap().stdout).unwrap();
    let sarif: Value = serde_json::from_str(&run("sarif")).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let regions: Vec<_> = results
        .iter()
        .filter(|r| r["ruleId"] == "takes-the-lift")
        .map(|r| &r["locations"][0]["physicalLocation"]["region"])
        .map(|r| (r["startLine"].as_u64(), r["endLine"].as_u64(), r["snippet"]["text"].as_str().unwrap()))
        .collect();
    let expected = [
        (Some(10), Some(11), "took\nthe lift"),
        (Some(7), None, "took the lift"),
        (Some(2), None, "took the lift"),
        (Some(2), None, "took the lift"),
    ];
    assert_eq!(regions, expected, "a row of a table is found where it begins");
    let github = run("github");
    let places: Vec<_> =
        github.lines().filter_map(|l| l.split_once(",title=takes-the-lift")).map(|(place, _)| place).collect();
    assert!(places[0].ends_with("a.md,line=10,endLine=11") && places[1].ends_with("b.toml,line=7"), "{places:?}");
}

/// Commands as root of a little world of their own, where the system lets anybody have one; in it `DISK` is a small disk.
#[cfg(target_os = "linux")]
#[allow(clippy::print_stderr, reason = "who runs the tests should know")]
fn on_a_small_disk(dir: &Path, script: &str) -> Option<std::process::Output> {
    let script = format!("set -e\nmount -t tmpfs -o size=256k none \"$DISK\"\n{script}");
    let mut command = std::process::Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", "true"]);
    if !command.status().is_ok_and(|s| s.success()) {
        eprintln!("not tested: this system lets nobody mount a disk");
        return None;
    }
    let disk = dir.join("disk");
    fs::create_dir(&disk).unwrap();
    let mut command = std::process::Command::new("unshare");
    command.args(["--map-root-user", "--mount", "sh", "-c", &script]).env("DISK", disk);
    command.env("STARCUE", assert_cmd::cargo::cargo_bin("starcue")).env("DIR", dir).env_remove("STARCUE_CONTENT");
    Some(command.output().unwrap())
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_that_fills_up_in_the_middle_costs_nothing_that_was_done() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("in.jsonl"), records(1500)).unwrap();
    let score = "\"$STARCUE\" score --content tests/cli/content --rubric drill --checkpoint 0 --allow-errors \"$DIR/in.jsonl\" -o";
    let script = format!(
        "{score} \"$DISK/out.jsonl\" && exit 9
         test -e \"$DISK/out.jsonl\" && exit 8
         mount -o remount,size=100m \"$DISK\"
         {score} \"$DISK/out.jsonl\" --resume
         {score} \"$DIR/whole.jsonl\"
         cmp \"$DISK/out.jsonl\" \"$DIR/whole.jsonl\""
    );
    let Some(output) = on_a_small_disk(dir.path(), &script) else { return };
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{:?} {said}", output.status);
    assert!(said.contains("`--resume` goes on from the last checkpoint: No space left on device"), "{said}");
}

#[test]
#[cfg(not(feature = "parquet"))]
fn parquet_is_told_to_need_a_build_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.parquet");
    fs::write(&path, "PAR1").unwrap();
    score().arg(&path).assert().code(2).stderr(contains("cargo build --release --features parquet"));
    let out = score().args(["-o", "x.parquet"]).write_stdin("{}").assert().code(2);
    out.stderr(contains("built without Parquet"));
}

#[test]
fn a_summary_comes_instead_of_the_records_or_beside_them() {
    let dir = tempfile::tempdir().unwrap();
    let drills = "tests/cli/answers/drills.jsonl";
    let summary = |more: &[&str]| score().args(more).arg(drills).output().unwrap().stdout;
    let json: Value = serde_json::from_slice(&summary(&["--summary"])).unwrap();
    assert_eq!((&json["schema"], &json["answers"]), (&"starcue.summary/1".into(), &3.into()));
    assert_eq!(json["bands"]["5"]["answers"], 1);
    assert_eq!(json["minefields"]["takes-the-lift"]["percent"], 33.3);
    for to in ["human", "csv", "markdown"] {
        let text = String::from_utf8(summary(&["--summary", "--to", to])).unwrap();
        assert!(text.contains("takes-the-lift") && text.contains("counts-heads"), "{to}: {text}");
    }
    let file = dir.path().join("summary.json");
    let beside = format!("--summary={}", file.display());
    assert_eq!(lines(&summary(&[&beside])).len(), 3);
    assert_eq!(serde_json::from_slice::<Value>(&fs::read(file).unwrap()).unwrap(), json);
}

#[test]
fn two_results_are_compared_by_rule() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    let (old, new) = (path("old.jsonl"), path("new.jsonl"));
    let text = "{\"id\":\"a\",\"answer\":\"In May the alarm went off. I counted heads.\"}\n{\"id\":\"b\",\"answer\":\"I took the lift.\"}\n";
    score().arg("-o").arg(&old).write_stdin(text).assert().success();
    // In another order, one of them told better, and one more.
    let text = "{\"id\":\"b\",\"answer\":\"I took the lift.\"}\n{\"id\":\"c\",\"answer\":\"No.\"}\n{\"id\":\"a\",\"answer\":\"In May the alarm went off. I led them out.\"}\n";
    score().arg("-o").arg(&new).write_stdin(text).assert().success();
    let diff = |a: &Path, b: &Path, to: &str| {
        let mut command = Command::cargo_bin("starcue").unwrap();
        command.arg("diff").args([a, b]).args(["--to", to]);
        command
    };
    diff(&old, &old, "human").assert().success().stdout(contains("Nothing changed in 2 answers"));
    let json = diff(&old, &new, "json").assert().code(1).get_output().stdout.clone();
    let json: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!((&json["answers"], &json["changed"], &json["only_new"]), (&2.into(), &1.into(), &1.into()));
    let rule = |id: &str| {
        json["rules"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| r["rule"] == id)
            .unwrap_or_else(|| panic!("{id}: {json:#}"))
            .clone()
    };
    assert_eq!(rule("behaviour.counts-heads")["lost"], 1);
    assert_eq!(rule("behaviour.leads-out")["gained"], 1);
    diff(&old, &new, "jsonl").assert().code(1).stdout(contains("\"id\":\"a\"").and(contains("\"id\":\"b\"").not()));
    diff(&old, &new, "csv").assert().code(1).stdout(contains("behaviour.leads-out,1,0,0,"));
    diff(&old, Path::new("examples/answers.jsonl"), "human").assert().code(2).stderr(contains("line 1 is no result"));
}
