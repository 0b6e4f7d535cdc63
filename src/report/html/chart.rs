//! Charts as inline SVG: drawn in units of the view box, coloured by the page, told in words.

use super::T;
use maud::{Markup, html};

/// Columns of counts, each with its label and its number above it.
pub(super) fn columns(id: &str, title: &str, desc: &str, columns: &[(String, usize)]) -> Markup {
    const HEIGHT: usize = 90;
    let most = columns.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let step = 320 / columns.len().max(1);
    let wide = (step * 7 / 10).max(4);
    html! {
        svg.chart viewBox="0 0 320 130" role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
            title id={ (id) "-t" } { (T(title)) }
            desc id={ (id) "-d" } { (T(desc)) }
            @for (i, (label, n)) in columns.iter().enumerate() {
                @let high = HEIGHT * n / most;
                @let x = i * step + (step - wide) / 2;
                rect.bar x=(x) y=(110 - high) width=(wide) height=(high) rx="2" {}
                text.number x=(x + wide / 2) y=(105 - high) text-anchor="middle" { (n) }
                text.axis x=(x + wide / 2) y="125" text-anchor="middle" { (T(label)) }
            }
            line.base x1="0" y1="110.5" x2="320" y2="110.5" {}
        }
    }
}

/// A mean band, in tenths, for each stretch of time; `None` leaves a gap.
pub(super) fn line(id: &str, title: &str, desc: &str, points: &[(String, Option<usize>)]) -> Markup {
    let step = 300 / points.len().saturating_sub(1).max(1);
    let x = |i: usize| 15 + i * step;
    // Band 1 at the foot, band 5 at the top.
    let y = |tenths: usize| 110 - tenths.clamp(10, 50).saturating_sub(10) * 100 / 40;
    let known: Vec<(usize, usize)> =
        points.iter().enumerate().filter_map(|(i, (_, t))| Some((x(i), y((*t)?)))).collect();
    let path: Vec<String> = known.iter().map(|(x, y)| format!("{x},{y}")).collect();
    html! {
        svg.chart viewBox="0 0 330 130" role="img" aria-labelledby={ (id) "-t " (id) "-d" } {
            title id={ (id) "-t" } { (T(title)) }
            desc id={ (id) "-d" } { (T(desc)) }
            @for band in 1..=5_usize {
                line.grid x1="12" y1=(y(band * 10)) x2="326" y2=(y(band * 10)) {}
                text.axis x="0" y=(y(band * 10) + 3) { (band) }
            }
            polyline.line points=(path.join(" ")) {}
            @for (x, y) in &known { circle.dot cx=(x) cy=(y) r="3" {} }
            @if let (Some((first, _)), Some((last, _))) = (points.first(), points.last()) {
                text.axis x="12" y="126" { (T(first)) }
                @if points.len() > 1 { text.axis x="326" y="126" text-anchor="end" { (T(last)) } }
            }
        }
    }
}

/// A share of the whole in percent as a bar, above the range that is customary. It stands beside
/// its number, so it is no picture of its own to a screen reader.
pub(super) fn share(percent: usize, customary: [u32; 2]) -> Markup {
    let percent = percent.min(100);
    html! {
        svg.share viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" {
            rect.range x=(customary[0]) y="0" width=(customary[1].saturating_sub(customary[0])) height="10" {}
            rect.bar x="0" y="3" width=(percent) height="4" {}
        }
    }
}
