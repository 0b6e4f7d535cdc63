//! Speaking instead of typing: the clock that is seen, and commands of the user's own that read a
//! question aloud or write down what is said. Without such a command in the config file none is run.

use super::interrupt::Interrupt;
use super::prompter::{Clock, Prompted, Stop, Transcript};
use crate::report::{Look, clean, span};
use crate::words::tidy;
use std::io::{self, Read as _, Write as _};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The user's own commands: a program and its arguments. Empty is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Speech {
    /// Reads a text aloud: `{text}` stands for it, else it comes on standard input.
    pub(crate) read_aloud: Vec<String>,
    /// Listens, and writes what was said to standard output; `{seconds}` stands for the time there is.
    pub(crate) transcribe: Vec<String>,
}

/// Between two looks at the clock.
const TICK: Duration = Duration::from_millis(100);

/// Seconds as a clock shows them: `2:05`.
pub(crate) fn face(seconds: u32) -> String {
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A clock on one line of standard error. Plain, it speaks up at times instead of moving.
pub(super) struct Face<'a> {
    clock: &'a Clock<'a>,
    look: Look,
    started: Instant,
    shown: Option<u32>,
}

impl<'a> Face<'a> {
    /// Starts it.
    pub(super) fn start(clock: &'a Clock<'a>, look: Look) -> io::Result<Self> {
        let mut err = io::stderr().lock();
        write!(err, "\n{}: {}. {}\n", clock.title, span(clock.seconds), clock.how)?;
        Ok(Self { clock, look, started: Instant::now(), shown: None })
    }

    /// Seconds since the start.
    pub(super) fn elapsed(&self) -> u32 {
        u32::try_from(self.started.elapsed().as_secs()).unwrap_or(u32::MAX)
    }

    /// Shows what has changed; whether the time is up.
    pub(super) fn tick(&mut self) -> io::Result<bool> {
        let (now, all) = (self.elapsed(), self.clock.seconds);
        if self.shown == Some(now) {
            return Ok(now >= all);
        }
        self.shown = Some(now);
        let mut err = io::stderr().lock();
        if self.look.plain {
            match announcement(now, all) {
                Some(text) => writeln!(err, "{text}")?,
                None => return Ok(now >= all),
            }
        } else {
            let over = if now > all { "  time is up" } else { "" };
            write!(err, "\r\u{1b}[K  {} of {}{over}", face(now), face(all))?;
        }
        err.flush()?;
        Ok(now >= all)
    }

    /// Leaves its line.
    pub(super) fn stop(&self) -> io::Result<()> {
        if self.look.plain { Ok(()) } else { writeln!(io::stderr()) }
    }
}

/// What is said at this second, where not every second is shown.
pub(super) fn announcement(now: u32, all: u32) -> Option<String> {
    let left = all.checked_sub(now)?;
    match left {
        0 => Some("Time is up.".to_owned()),
        10 if all > 20 => Some("10 seconds left.".to_owned()),
        left if now > 0 && left % 60 == 0 => Some(format!("{} left.", span(left))),
        30 if all > 45 => Some("30 seconds left.".to_owned()),
        _ => None,
    }
}

/// Lets a clock run until Enter, or until its time is up where it ends then; the seconds.
pub(super) fn run(clock: &Clock<'_>, look: Look, interrupt: &Interrupt) -> Prompted<u32> {
    let mut face = Face::start(clock, look)?;
    loop {
        let up = face.tick()?;
        if interrupt.take() {
            face.stop()?;
            return Err(Stop::Interrupted);
        }
        if up && clock.ends {
            face.stop()?;
            return Ok(face.elapsed());
        }
        if enter_within(TICK)? {
            return Ok(face.elapsed());
        }
    }
}

/// Waits for Enter, at most so long. The end of input is an error.
#[cfg(unix)]
fn enter_within(time: Duration) -> Prompted<bool> {
    use nix::errno::Errno;
    use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
    use std::os::fd::AsFd as _;
    let stdin = io::stdin();
    let mut wait = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
    match poll(&mut wait, PollTimeout::try_from(time).unwrap_or(PollTimeout::ZERO)) {
        Ok(0) | Err(Errno::EINTR) => Ok(false),
        Ok(_) => enter(),
        Err(e) => Err(Stop::Failed(e.into())),
    }
}

/// Elsewhere the clock stands while it waits.
#[cfg(not(unix))]
fn enter_within(_: Duration) -> Prompted<bool> {
    enter()
}

fn enter() -> Prompted<bool> {
    let mut line = String::new();
    match io::stdin().read_line(&mut line)? {
        0 => Err(Stop::Ended),
        _ => Ok(true),
    }
}

impl Speech {
    /// Reads a text aloud; nothing happens without a command. `Err` says why it did not work.
    pub(super) fn read(&self, text: &str) -> Result<(), String> {
        let Some((program, arguments)) = self.read_aloud.split_first() else { return Ok(()) };
        let text = clean(text);
        let named = arguments.iter().any(|a| a.contains("{text}"));
        let child = Command::new(program)
            .args(arguments.iter().map(|a| a.replace("{text}", &text)))
            .stdin(if named { Stdio::null() } else { Stdio::piped() })
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = child.map_err(|e| not_started(program, &e))?;
        if let Some(mut stdin) = child.stdin.take() {
            // A program that does not read is no reason to stop; its status tells more.
            let _ = writeln!(stdin, "{text}");
        }
        let output = child.wait_with_output().map_err(|e| not_started(program, &e))?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|l| !l.trim().is_empty()).map_or_else(String::new, |l| format!(" {l}"));
        Err(clean(&format!("The question could not be read aloud: `{program}` ended with {}.{last}", output.status)))
    }

    /// Has what is said written down, with a clock; `None` without a command. The inner `Err` says why
    /// it did not work.
    pub(super) fn listen(
        &self,
        clock: &Clock<'_>,
        look: Look,
        interrupt: &Interrupt,
    ) -> Prompted<Option<Result<Transcript, String>>> {
        let Some((program, arguments)) = self.transcribe.split_first() else { return Ok(None) };
        let seconds = clock.seconds.to_string();
        let child = Command::new(program)
            .args(arguments.iter().map(|a| a.replace("{seconds}", &seconds)))
            .stdout(Stdio::piped())
            .spawn();
        let child = match child {
            Ok(child) => child,
            Err(e) => return Ok(Some(Err(not_started(program, &e)))),
        };
        let mut face = Face::start(clock, look)?;
        let heard = wait(child, &mut face, interrupt);
        let elapsed = face.elapsed();
        face.stop()?;
        Ok(Some(match heard? {
            Ok(text) if text.trim().is_empty() => Err(clean(&format!("`{program}` wrote down nothing."))),
            Ok(text) => Ok(transcript(&text, elapsed)),
            Err(status) => Err(clean(&format!("`{program}` ended with {status}."))),
        }))
    }
}

fn not_started(program: &str, error: &io::Error) -> String {
    clean(&format!("`{program}` could not be started: {error}."))
}

/// Waits for a program and what it writes; the inner `Err` is its status.
fn wait(mut child: Child, face: &mut Face<'_>, interrupt: &Interrupt) -> Prompted<Result<String, String>> {
    let Some(mut stdout) = child.stdout.take() else { return Ok(Ok(String::new())) };
    // Read beside the clock, for a pipe that is full would hold the program up.
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).map(|_| String::from_utf8_lossy(&bytes).into_owned())
    });
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        face.tick()?;
        if interrupt.take() {
            let _ = child.kill();
            let _ = child.wait();
            return Err(Stop::Interrupted);
        }
        thread::sleep(TICK);
    };
    let text = reader.join().map_err(|_| io::Error::other("the transcript could not be read"))??;
    Ok(if status.success() { Ok(text) } else { Err(status.to_string()) })
}

/// What a program wrote: a first line `seconds: 83` tells how long it was spoken; else the clock does.
fn transcript(text: &str, elapsed: u32) -> Transcript {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let told = first.trim().strip_prefix("seconds:").and_then(|s| s.trim().parse::<f64>().ok());
    match told.filter(|s| (0.0..86_400.0).contains(s)) {
        Some(seconds) => Transcript { text: tidy(rest).trim().to_owned(), seconds: seconds.round() as u32 },
        None => Transcript { text: tidy(text).trim().to_owned(), seconds: elapsed },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transcript_may_say_how_long_it_took() {
        let told = transcript("seconds: 82.6\r\nI called\u{1b}[2J her.\n", 99);
        assert_eq!(told, Transcript { text: "I called her.".into(), seconds: 83 });
        assert_eq!(transcript("I called her.\nTwice.\n", 99).seconds, 99);
        assert_eq!(transcript("seconds: many", 9).text, "seconds: many");
    }

    #[test]
    fn a_plain_clock_speaks_up_a_few_times_alone() {
        let said: Vec<String> = (0..=151).filter_map(|now| announcement(now, 150)).collect();
        assert_eq!(said, ["2 min left.", "1 min left.", "30 seconds left.", "10 seconds left.", "Time is up."]);
        assert_eq!(face(125), "2:05");
    }

    #[test]
    #[cfg(unix)]
    fn a_text_is_read_aloud_by_the_users_command_and_failures_are_told() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("said");
        let with = |script: &str, more: &[&str]| {
            let mut read_aloud: Vec<String> = ["sh", "-c", script, "sh"].map(str::to_owned).into();
            read_aloud.extend(more.iter().map(|m| (*m).to_owned()));
            Speech { read_aloud, ..Speech::default() }
        };
        let out = file.display();
        with(&format!("cat > {out}"), &[]).read("-x Why\u{7}?").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "-x Why?\n");
        with(&format!("printf %s \"$1\" > {out}"), &["<{text}>"]).read("Why?").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "<Why?>");
        let error = with("echo no sound >&2; exit 3", &[]).read("Why?").unwrap_err();
        assert!(error.contains("`sh` ended with exit status: 3. no sound"), "{error}");
        let none = Speech { read_aloud: vec!["/nowhere/speak".into()], ..Speech::default() };
        assert!(none.read("Why?").unwrap_err().contains("could not be started"));
        Speech::default().read("Why?").unwrap();
    }
}
