//! `channel add`.

use crate::audit::Actor;
use crate::channels;
use clap::{Subcommand, ValueEnum};
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    what: ChannelVerb,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    /// Delivers questions by signed webhook.
    Webhook,
}

#[derive(Debug, Subcommand)]
enum ChannelVerb {
    /// Add a channel and print its id and its secret, once.
    Add {
        /// What kind of channel.
        #[arg(long, value_enum)]
        kind: Kind,
        /// Shown to staff.
        #[arg(long)]
        name: String,
    },
}

/// `channel add`: two lines, the id and the secret.
#[expect(clippy::print_stdout, reason = "the answer of the command")]
pub async fn run(args: Args) -> anyhow::Result<ExitCode> {
    let ChannelVerb::Add { kind: Kind::Webhook, name } = args.what;
    let app = super::open().await?;
    let mut tx = app.db.begin().await?;
    let (id, secret) = channels::add_webhook(&mut tx, &app.sealer, Actor::System, &name).await?;
    tx.commit().await?;
    println!("{id}\n{secret}");
    Ok(ExitCode::SUCCESS)
}
