//! The command line of starcue.

fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
