//! The `ishara` program; see [`ishara::cli`].

fn main() -> std::process::ExitCode {
    ishara::cli::run()
}
