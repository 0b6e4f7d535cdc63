//! `starcue check` over all content that is built in: `cargo bench --bench check`.

fn main() {
    divan::main();
}

/// Every diagnostic but notes, as `starcue check` does without arguments.
#[divan::bench(sample_count = 20)]
fn all_built_in_content() -> usize {
    starcue::check::check_built_in().findings.len()
}

/// The same with notes, which run every example a second time.
#[divan::bench(sample_count = 10)]
fn all_built_in_content_with_notes() -> usize {
    starcue::check::check(&[]).findings.len()
}
