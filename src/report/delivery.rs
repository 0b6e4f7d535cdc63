//! How an answer was told: its length, and of a spoken one the pace and the fillers.

use crate::Rubric;
use crate::assessment::Metrics;

/// How far from the rubric's pace one still speaks with ease, in percent.
const EASE: usize = 20;

/// Fillers in a hundred words from which they are heard.
const HEARD: f64 = 3.0;

/// What is known of how an answer was told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Delivery {
    /// Whether it was spoken, and the text is a transcript.
    pub(crate) spoken: bool,
    /// How long it took, in seconds, where that is known.
    pub(crate) seconds: Option<u32>,
}

impl Delivery {
    /// What there is to say of it, a sentence or two each; nothing of a written answer without a time.
    pub(crate) fn lines(&self, rubric: &Rubric, metrics: &Metrics) -> Vec<String> {
        let mut lines = Vec::new();
        let [shortest, longest] = rubric.seconds;
        if let Some(seconds) = self.seconds {
            let verdict = if seconds < shortest {
                "There is room for more: say what you did, step by step."
            } else if seconds > longest {
                "That is long: keep the situation to two sentences."
            } else {
                "That is a good length."
            };
            lines.push(format!(
                "Time: {}, where {} to {} is comfortable. {verdict}",
                span(seconds),
                span(shortest),
                span(longest)
            ));
        }
        if !self.spoken {
            return lines;
        }
        if let Some(pace) = pace(metrics, self.seconds) {
            let norm = rubric.program.words_per_minute as usize;
            let (slow, fast) = (norm * (100 - EASE) / 100, norm * (100 + EASE) / 100);
            let verdict = match pace {
                pace if pace < slow => "That is slow: fewer and shorter pauses.",
                pace if pace > fast => "That is fast: breathe after each sentence.",
                _ => "That is easy to follow.",
            };
            lines.push(format!("Pace: {pace} words a minute, where {slow} to {fast} is easy to follow. {verdict}"));
        }
        let share = metrics.fillers as f64 * 100.0 / metrics.words.max(1) as f64;
        let verdict = match metrics.fillers {
            0 => "None was heard.",
            _ if share >= HEARD => "They are heard: pause instead.",
            _ => "So few are not heard.",
        };
        lines.push(format!("Fillers such as \"um\": {}, {share:.1} in 100 words. {verdict}", metrics.fillers));
        lines
    }
}

/// Words a minute; `None` where the time is not known or too short to tell.
fn pace(metrics: &Metrics, seconds: Option<u32>) -> Option<usize> {
    let seconds = usize::try_from(seconds?).ok().filter(|s| *s >= 5)?;
    Some((metrics.words * 60 + seconds / 2) / seconds)
}

/// Seconds as people say them.
pub(crate) fn span(seconds: u32) -> String {
    match (seconds / 60, seconds % 60) {
        (0, s) => format!("{s} s"),
        (m, 0) => format!("{m} min"),
        (m, s) => format!("{m} min {s} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_pace_and_fillers_are_told_where_they_are_known() {
        let library = crate::Library::builtin().unwrap();
        let rubric = library.rubric("behavioural").unwrap();
        let metrics = Metrics { words: 200, fillers: 8, ..Metrics::default() };
        let lines = |spoken, seconds| Delivery { spoken, seconds }.lines(&rubric, &metrics);
        assert_eq!(
            lines(true, Some(50)),
            [
                "Time: 50 s, where 1 min to 2 min 30 s is comfortable. There is room for more: say what you did, step by step.",
                "Pace: 240 words a minute, where 120 to 180 is easy to follow. That is fast: breathe after each sentence.",
                "Fillers such as \"um\": 8, 4.0 in 100 words. They are heard: pause instead.",
            ]
        );
        assert_eq!(lines(true, None).len(), 1, "without a time there is no pace");
        assert!(lines(false, Some(90))[0].ends_with("That is a good length."));
        assert!(lines(false, None).is_empty());
    }
}
