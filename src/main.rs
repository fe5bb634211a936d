use clap::Parser;

#[derive(Parser)]
enum Verb {
    Redact(ishara::cli::redact::Args),
}

#[tokio::main]
async fn main() -> anyhow::Result<std::process::ExitCode> {
    match Verb::parse() {
        Verb::Redact(args) => ishara::cli::redact::run(args).await,
    }
}
