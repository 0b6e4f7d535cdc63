//! The command line of starcue: see [`starcue::cli`].

fn main() -> std::process::ExitCode {
    starcue::cli::main()
}
