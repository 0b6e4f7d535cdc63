//! How inputs are cut.

use super::*;
use clap::ValueEnum as _;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use std::io::BufReader;

/// All raw records of some bytes, read through a buffer of `step` bytes.
fn raws(format: InputFormat, limit: usize, step: usize, bytes: &[u8]) -> Vec<Raw> {
    let input = Input { path: None, name: "f".into(), format, bytes: None };
    let (mut count, mut seen) = (0, Vec::new());
    let mut send = |raw: Raw, _| {
        seen.push(raw);
        true
    };
    let manner = Manner { limit, ..Manner::default() };
    let mut cutter = Cutter { input: &input, manner: &manner, count: &mut count, send: &mut send, line: 0 };
    let bytes = io::Cursor::new(bytes.to_vec());
    cutter.cut(&mut Source::of(BufReader::with_capacity(step, bytes)).unwrap()).unwrap();
    seen
}

/// Lines and bodies, read through a small buffer, so that records lie across its edges.
fn cut(format: InputFormat, limit: usize, bytes: &[u8]) -> Vec<(Option<usize>, Result<String, Code>)> {
    let body = |raw: &Raw| match &raw.body {
        Ok(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned()),
        Err(bad) => Err(bad.code),
    };
    raws(format, limit, 7, bytes).iter().map(|raw| (raw.origin.line, body(raw))).collect()
}

/// The formats that are read as a stream of bytes.
fn streams() -> Vec<InputFormat> {
    InputFormat::value_variants().iter().copied().filter(|f| *f != InputFormat::Parquet).collect()
}

proptest! {
    /// Whatever the bytes: nothing panics, no record is over the limit, and the records do not
    /// depend on how the bytes come in.
    #[test]
    fn any_bytes_are_cut_and_decoded(
        bytes in vec(select(b"answer,;\"\n\r{}[]:=#S situation: a\xc3\xa9\xff".to_vec()), 0..200),
        format in select(streams()),
        header in any::<bool>(),
    ) {
        let bytes = if header { [b"id,answer\n".as_slice(), &bytes].concat() } else { bytes };
        let told = |step| {
            let raws = raws(format, 40, step, &bytes);
            assert!(raws.iter().all(|r| r.body.as_ref().map_or(0, Vec::len) <= 40));
            raws.into_iter().map(crate::batch::decode).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(1), told(1000));
    }
}

#[test]
fn lines_are_cut_and_blank_ones_passed_over() {
    let seen = cut(InputFormat::Jsonl, 99, b"\xef\xbb\xbf{\"a\":1}\n\n \r\n{\"b\":2}");
    assert_eq!(seen, [(Some(1), Ok("{\"a\":1}".into())), (Some(4), Ok("{\"b\":2}".into()))]);
}

#[test]
fn a_line_over_the_limit_is_told_and_the_next_one_is_read() {
    let seen = cut(InputFormat::Jsonl, 5, b"12345\n123456\n1234\n1234567890");
    let bodies: Vec<_> = seen.into_iter().map(|(_, b)| b).collect();
    assert_eq!(bodies, [Ok("12345".into()), Err(Code::TooLarge), Ok("1234".into()), Err(Code::TooLarge)]);
}

#[test]
fn a_row_may_hold_line_ends_and_quotes_in_its_cells() {
    let table = b"\xef\xbb\xbf\"id\",answer\r\n1,\"He said \"\"no\"\".\nTwice.\"\r\n\r\n2,it's 5\" long\n3,\"open";
    let seen = cut(InputFormat::Csv, 99, table);
    assert_eq!(
        seen,
        [
            (Some(2), Ok("1,\"He said \"\"no\"\".\nTwice.\"".into())),
            (Some(5), Ok("2,it's 5\" long".into())),
            (Some(6), Err(Code::Syntax)),
        ]
    );
}

#[test]
fn a_row_over_the_limit_does_not_swallow_its_neighbours() {
    let seen = cut(InputFormat::Csv, 12, b"id,answer\n1,\"aaaa\naaaaaaaaaaaaaaa\"\n2,ok\n");
    assert_eq!(seen, [(Some(2), Err(Code::TooLarge)), (Some(4), Ok("2,ok".into()))]);
}

#[test]
fn a_table_without_a_column_of_answers_is_one_bad_record() {
    assert_eq!(cut(InputFormat::Csv, 99, b"name,age\nAda,36\n"), [(Some(1), Err(Code::NoAnswer))]);
}

#[test]
fn semicolons_and_tabs_are_seen_in_the_header() {
    assert_eq!(
        Header::read(b"id;Answer", None).unwrap(),
        Header { delimiter: b';', names: vec!["id".into(), "answer".into()] }
    );
    assert_eq!(Header::read(b"id\tresult", None).unwrap().delimiter, b'\t');
}
