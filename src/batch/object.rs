//! The JSON of an assessment, straight into memory: the bytes that serde makes of [`AssessmentJson`], at half the work.

use crate::Section;
use crate::assessment::{AssessmentJson, Evidence, EvidenceDetail, Finding, KEYS, Tenths};

/// Adds the JSON of an assessment.
pub(super) fn write(view: &AssessmentJson<'_>, into: &mut Vec<u8>) {
    let a = view.assessment;
    into.push(b'{');
    let empty = into.len();
    for (at, name) in KEYS.iter().enumerate().filter(|(at, _)| view.fields.has(*at)) {
        key(name, empty, into);
        match at {
            0 => text("starcue.assessment/1", into),
            1 => text(view.id, into),
            2 => match view.question {
                Some(question) => text(question, into),
                None => into.extend_from_slice(b"null"),
            },
            3 => text(&a.rubric, into),
            4 => text(&a.rubric_hash, into),
            5 => match &a.rubric_version {
                Some(version) => text(version, into),
                None => into.extend_from_slice(b"null"),
            },
            6 => text(a.kind.id(), into),
            7 => points(a.score, into),
            8 => number(a.band.into(), into),
            9 => sections(view, into),
            10 => list(&a.sentences, into, |span, into| {
                places(span.start, span.end, into);
                into.extend_from_slice(b",\"section\":");
                text(span.section.map_or("other", Section::id), into);
                into.push(b'}');
            }),
            11 => findings(view, &a.behaviours, into),
            12 => list(&a.missing, into, |id, into| text(id, into)),
            13 => findings(view, &a.motivations, into),
            14 => minefields(view, into),
            15 => {
                let m = &a.metrics;
                let counts = [
                    ("{\"words\":", m.words),
                    (",\"speaking_seconds\":", m.speaking_seconds),
                    (",\"first_person_singular\":", m.first_person_singular),
                    (",\"first_person_plural\":", m.first_person_plural),
                    (",\"numbers\":", m.numbers),
                    (",\"fillers\":", m.fillers),
                ];
                for (name, count) in counts {
                    into.extend_from_slice(name.as_bytes());
                    number(count, into);
                }
                into.push(b'}');
            }
            16 => list(&a.receipt, into, |line, into| {
                into.extend_from_slice(b"{\"rule\":");
                text(&line.rule, into);
                into.extend_from_slice(b",\"points\":");
                points(line.points, into);
                into.push(b'}');
            }),
            17 => list(&a.advice, into, |advice, into| text(advice, into)),
            _ => list(&a.probes, into, |probe, into| text(probe, into)),
        }
    }
    if view.include_text {
        key("text", empty, into);
        text(view.text, into);
    }
    into.push(b'}');
}

/// A key of the object whose first key would stand at `empty`.
fn key(name: &str, empty: usize, into: &mut Vec<u8>) {
    if into.len() > empty {
        into.push(b',');
    }
    into.push(b'"');
    into.extend_from_slice(name.as_bytes());
    into.extend_from_slice(b"\":");
}

fn list<T>(items: &[T], into: &mut Vec<u8>, one: impl Fn(&T, &mut Vec<u8>)) {
    into.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            into.push(b',');
        }
        one(item, into);
    }
    into.push(b']');
}

fn sections(view: &AssessmentJson<'_>, into: &mut Vec<u8>) {
    into.push(b'{');
    let empty = into.len();
    for section in Section::ALL {
        let found = view.assessment.section(section);
        key(section.id(), empty, into);
        into.extend_from_slice(b"{\"level\":");
        number(found.level.into(), into);
        into.extend_from_slice(b",\"words\":");
        number(found.words, into);
        into.extend_from_slice(b",\"evidence\":");
        evidence(view, &found.evidence, into);
        into.extend_from_slice(b",\"advice\":");
        text(&found.advice, into);
        into.push(b'}');
    }
    into.push(b'}');
}

fn findings(view: &AssessmentJson<'_>, found: &[Finding], into: &mut Vec<u8>) {
    list(found, into, |finding, into| {
        into.extend_from_slice(b"{\"id\":");
        text(&finding.id, into);
        into.extend_from_slice(b",\"evidence\":");
        evidence(view, &finding.evidence, into);
        into.push(b'}');
    });
}

fn minefields(view: &AssessmentJson<'_>, into: &mut Vec<u8>) {
    list(&view.assessment.minefields, into, |minefield, into| {
        into.extend_from_slice(b"{\"id\":");
        text(&minefield.id, into);
        into.extend_from_slice(b",\"severity\":");
        text(minefield.severity.id(), into);
        into.extend_from_slice(b",\"evidence\":");
        evidence(view, &minefield.evidence, into);
        if !minefield.absent.is_empty() {
            into.extend_from_slice(b",\"absent\":");
            list(&minefield.absent, into, |id, into| text(id, into));
        }
        into.extend_from_slice(b",\"advice\":");
        text(&minefield.advice, into);
        into.push(b'}');
    });
}

fn evidence(view: &AssessmentJson<'_>, list_of: &[Evidence], into: &mut Vec<u8>) {
    let list_of = if view.detail == EvidenceDetail::None { &[] } else { list_of };
    list(list_of, into, |e, into| {
        places(e.start, e.end, into);
        if view.detail == EvidenceDetail::Quotes {
            into.extend_from_slice(b",\"quote\":");
            text(e.quote(view.text), into);
        }
        into.extend_from_slice(b",\"rule\":");
        text(&e.rule, into);
        into.push(b'}');
    });
}

/// The beginning of an object with its span.
fn places(start: usize, end: usize, into: &mut Vec<u8>) {
    into.extend_from_slice(b"{\"start\":");
    number(start, into);
    into.extend_from_slice(b",\"end\":");
    number(end, into);
}

fn number(n: usize, into: &mut Vec<u8>) {
    let (mut digits, mut at, mut rest) = ([0; 20], 20, n);
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    into.extend_from_slice(&digits[at..]);
}

fn points(points: Tenths, into: &mut Vec<u8>) {
    if points.0 < 0 {
        into.push(b'-');
    }
    let tenths = points.0.unsigned_abs();
    number((tenths / 10) as usize, into);
    into.extend_from_slice(&[b'.', b'0' + (tenths % 10) as u8]);
}

/// A text in quotes.
fn text(text: &str, into: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let (mut whole_from, mut at) = (0, 0);
    into.push(b'"');
    while at < bytes.len() {
        let end = bytes.len().min(at + 8);
        if let Ok(eight) = bytes[at..end].try_into()
            && !needs_escape(u64::from_le_bytes(eight))
        {
            at = end;
            continue;
        }
        for (place, byte) in bytes.iter().enumerate().take(end).skip(at) {
            if *byte < 0x20 || matches!(byte, b'"' | b'\\') {
                into.extend_from_slice(&bytes[whole_from..place]);
                whole_from = place + 1;
                escape(*byte, into);
            }
        }
        at = end;
    }
    into.extend_from_slice(&bytes[whole_from..]);
    into.push(b'"');
}

/// Whether one of eight bytes is a quote, a backslash or a control character. (It may see one where there is none, never
/// the other way round.)
const fn needs_escape(eight: u64) -> bool {
    const ONES: u64 = u64::MAX / 255;
    const TOPS: u64 = ONES * 0x80;
    const fn has_below(eight: u64, n: u64) -> u64 {
        eight.wrapping_sub(ONES * n) & !eight & TOPS
    }
    has_below(eight, 0x20) | has_below(eight ^ (ONES * b'"' as u64), 1) | has_below(eight ^ (ONES * b'\\' as u64), 1)
        != 0
}

#[cold]
fn escape(byte: u8, into: &mut Vec<u8>) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\t' => b't',
        b'\r' => b'r',
        0x08 => b'b',
        0x0c => b'f',
        _ => {
            into.extend_from_slice(b"\\u00");
            into.extend_from_slice(&[HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            return;
        }
    };
    into.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assessment::Fields;
    use crate::{Answer, Asked, Library, assess};
    use proptest::prelude::*;

    #[test]
    fn an_assessment_is_written_as_serde_writes_it() {
        let library = Library::builtin().unwrap();
        let rubric = library.rubric("customer-escalation").unwrap();
        let samples = library.questions().iter().take(20);
        let samples = samples
            .map(|q| format!("{} {} {} {}", q.sample.situation, q.sample.task, q.sample.action, q.sample.result));
        let odd = ["", "No.", "I \"fixed\" it \\ \u{1}\u{8}\u{c}\tat once,\r\nthen caf\u{e9} \u{1f600} told her."]
            .map(str::to_owned);
        let mut seen = 0;
        for said in samples.chain(odd) {
            let answer = Answer::whole(&said);
            let assessment = assess(&rubric, Asked::default(), &answer);
            let some = Fields::only(["band", "minefields", "receipt"]).unwrap();
            for detail in [EvidenceDetail::None, EvidenceDetail::Spans, EvidenceDetail::Quotes] {
                for (question, include_text, fields) in [(None, true, Fields::default()), (Some("q\n"), false, some)] {
                    let view = AssessmentJson {
                        id: "a\"1",
                        question,
                        assessment: &assessment,
                        text: answer.text(),
                        detail,
                        include_text,
                        fields,
                    };
                    let mut own = Vec::new();
                    write(&view, &mut own);
                    assert_eq!(String::from_utf8(own).unwrap(), serde_json::to_string(&view).unwrap());
                    seen += 1;
                }
            }
        }
        assert!(seen > 100, "{seen}");
    }

    proptest! {
        #[test]
        fn any_text_and_number_is_written_as_serde_writes_it(any in "[ -~\\x00-\\x1f\\x7f\u{e9}\u{2028}\u{1f600}]{0,40}", n: usize, tenths in -20_000..20_000) {
            let mut own = Vec::new();
            text(&any, &mut own);
            number(n, &mut own);
            own.push(b' ');
            points(Tenths(tenths), &mut own);
            let serde = format!("{}{n} {}", serde_json::to_string(&any).unwrap(), serde_json::to_string(&Tenths(tenths)).unwrap());
            prop_assert_eq!(String::from_utf8(own).unwrap(), serde);
        }
    }
}
