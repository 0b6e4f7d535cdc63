//! How fast a batch is, from file to file: `cargo bench --bench batch`.
//!
//! Every sample is a whole run of the program over the same 2,000 generated answers. At the end what is promised of memory and
//! threads is measured and has to hold: `cargo bench --bench batch -- promises` runs nothing else.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops where it is surprised, and prints"
)]

mod corpus;

use divan::Bencher;
use divan::counter::{BytesCount, ItemsCount};
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;

const ANSWERS: usize = 2_000;

fn main() {
    divan::main();
    // What a process takes is read from /proc.
    if cfg!(target_os = "linux") && std::env::args().any(|arg| arg == "--bench") {
        promises();
    }
}

/// What a process took until it had written so many lines.
#[derive(Debug, Clone, Copy)]
struct Took {
    /// Processor time, in hundredths of a second.
    ticks: u64,
    /// Peak of its memory, in MiB.
    peak: f64,
}

/// Feeds a process until it has written so many lines, and asks the system what that took.
fn feed(args: &[&str], lines: usize, input: impl FnOnce(&mut dyn std::io::Write) + Send) -> Took {
    let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
    command.arg("score").args(args).arg("-").env_remove("STARCUE_CONTENT").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    let took = thread::scope(|scope| {
        // It stays open until the process has been looked at: one that has ended can't be.
        let (looked, wait) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || {
            input(&mut stdin);
            stdin.flush().unwrap();
            wait.recv().unwrap();
        });
        assert_eq!(BufReader::new(stdout).lines().map_while(Result::ok).take(lines).count(), lines);
        let proc = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap();
        let status = proc("status");
        let peak = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).unwrap();
        let peak: f64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
        let stat = proc("stat");
        let times: Vec<u64> =
            stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2).map(|n| n.parse().unwrap()).collect();
        looked.send(()).unwrap();
        Took { ticks: times.iter().sum(), peak: peak / 1024.0 }
    });
    child.wait().unwrap();
    took
}

/// The most memory that any input may take, in MiB.
const MOST: f64 = 64.0;

/// The most processor time that two threads may take, as a share of that of one.
const SHARE: f64 = 1.15;

/// Measures what is promised of memory and threads, and stops where it does not hold.
fn promises() {
    let over = |file: usize, args: &[&str], lines: usize| {
        let bytes = fs::read(&files()[file]).unwrap();
        feed(args, lines, move |stdin| stdin.write_all(&bytes).unwrap())
    };
    let mut shares = Vec::new();
    for _ in 0..5 {
        let [one, two] = ["1", "2"].map(|jobs| over(0, &["--to", "jsonl", "--jobs", jobs], ANSWERS));
        shares.push(two.ticks as f64 / one.ticks.max(1) as f64);
        assert!(one.peak < MOST && two.peak < MOST, "{one:?} {two:?}");
        println!("jsonl: {:.1} MiB on one thread, {:.1} MiB on two", one.peak, two.peak);
    }
    shares.sort_by(f64::total_cmp);
    println!("two threads take {:.2} times the processor time of one (median of {shares:.2?})", shares[2]);
    assert!(shares[2] <= SHARE, "{shares:?}");
    let csv = over(1, &["--from", "csv", "--to", "csv", "--jobs", "2"], ANSWERS + 1);
    println!("csv: {:.1} MiB on two threads", csv.peak);
    assert!(csv.peak < MOST, "{csv:?}");
    for (name, args, start) in [
        ("jsonl", ["--from", "jsonl", "--to", "jsonl"], "{\"answer\":\""),
        ("csv", ["--from", "csv", "--to", "jsonl"], "answer\n\""),
    ] {
        let line = feed(&args, 2, move |stdin| {
            let part = vec![b'a'; 1 << 20];
            stdin.write_all(start.as_bytes()).unwrap();
            (0..1024).for_each(|_| stdin.write_all(&part).unwrap());
            let last =
                if args[1] == "csv" { "\"\nI counted heads.\n" } else { "\"}\n{\"answer\":\"I counted heads.\"}\n" };
            stdin.write_all(last.as_bytes()).unwrap();
        });
        println!("{name}: {:.1} MiB and {:.2} s over a line of 1 GiB", line.peak, line.ticks as f64 / 100.0);
        assert!(line.peak < MOST, "{line:?}");
    }
}

/// The answers as JSONL, CSV and gzip.
fn files() -> &'static [PathBuf; 3] {
    static FILES: OnceLock<[PathBuf; 3]> = OnceLock::new();
    FILES.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let paths = ["batch.jsonl", "batch.csv", "batch.jsonl.gz"].map(|name| folder.join(name));
        let (mut lines, mut table) = (String::new(), csv::Writer::from_path(&paths[1]).unwrap());
        table.write_record(["question", "answer"]).unwrap();
        for g in corpus::answers(ANSWERS, corpus::SEED) {
            lines += &serde_json::json!({ "question": g.question, "answer": g.answer }).to_string();
            lines.push('\n');
            table.write_record([&g.question, &g.answer]).unwrap();
        }
        table.flush().unwrap();
        fs::write(&paths[0], &lines).unwrap();
        let mut gz =
            flate2::write::GzEncoder::new(fs::File::create(&paths[2]).unwrap(), flate2::Compression::default());
        gz.write_all(lines.as_bytes()).unwrap();
        gz.finish().unwrap();
        paths
    })
}

fn score(bencher: Bencher<'_, '_>, file: usize, args: &[&str]) {
    let path = &files()[file];
    let bytes = fs::metadata(path).unwrap().len();
    bencher.counter(ItemsCount::new(ANSWERS)).counter(BytesCount::new(bytes)).bench(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_starcue"));
        command.arg("score").args(args).arg(path).env_remove("STARCUE_CONTENT").stdout(Stdio::null());
        assert!(command.status().unwrap().success());
    });
}

#[divan::bench(sample_count = 5, sample_size = 1, args = ["1", "2"])]
fn jsonl_to_jsonl(bencher: Bencher<'_, '_>, jobs: &str) {
    score(bencher, 0, &["--to", "jsonl", "--jobs", jobs]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn csv_to_csv(bencher: Bencher<'_, '_>) {
    score(bencher, 1, &["--to", "csv", "--jobs", "1"]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn gzip_to_jsonl(bencher: Bencher<'_, '_>) {
    score(bencher, 2, &["--to", "jsonl", "--jobs", "1"]);
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn jsonl_to_a_summary(bencher: Bencher<'_, '_>) {
    score(bencher, 0, &["--to", "json", "--summary", "--jobs", "1"]);
}
