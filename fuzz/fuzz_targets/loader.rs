#![no_main]

#[path = "../runs.rs"]
#[allow(dead_code)]
mod runs;

libfuzzer_sys::fuzz_target!(|data: &[u8]| runs::loader(data));
