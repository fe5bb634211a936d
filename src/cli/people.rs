//! `user add` and `token create`.

use crate::audit::Actor;
use crate::people::{self, NewStaff, Role, Scope};
use crate::refusal::{Refusal, RefusalKind, refuse};
use anyhow::Context as _;
use clap::Subcommand;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct UserArgs {
    #[command(subcommand)]
    what: UserVerb,
}

#[derive(Debug, Subcommand)]
enum UserVerb {
    /// Add an account; the password comes on standard input.
    Add {
        /// Signs in with it.
        #[arg(long)]
        email: String,
        /// producer, linguistic_reviewer, department_reviewer, agent, supervisor, administrator or auditor.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Code of the department.
        #[arg(long)]
        department: Option<String>,
        /// Shown to colleagues; the e-mail address when not given.
        #[arg(long)]
        name: Option<String>,
        /// May receive questions whose asker wants a woman.
        #[arg(long)]
        woman: bool,
        /// Read the password from standard input (the only way; never from an argument).
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct TokenArgs {
    #[command(subcommand)]
    what: TokenVerb,
}

#[derive(Debug, Subcommand)]
enum TokenVerb {
    /// Make a token and print it once.
    Create {
        /// On whose behalf.
        #[arg(long)]
        email: String,
        /// read, write, review, desk or admin; several times or separated by commas. All when not given.
        #[arg(long, value_delimiter = ',', value_parser = scope)]
        scope: Vec<Scope>,
    },
}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        format!("no such role; choose one of {}", words.join(", "))
    })
}

fn scope(word: &str) -> Result<Scope, String> {
    Scope::parse(word).ok_or_else(|| "no such scope; choose read, write, review, desk or admin".to_owned())
}

/// `user add`.
#[expect(clippy::print_stdout, reason = "the answer of the command")]
pub async fn user(args: UserArgs) -> anyhow::Result<ExitCode> {
    let UserVerb::Add { email, role, department, name, woman, password_stdin: _ } = args.what;
    let password = read_password()?;
    people::check_strength(&password).map_err(refuse)?;
    let app = super::open().await?;
    let password_hash = app.passwords.hash(password).await?;
    let mut tx = app.db.begin().await?;
    let department_id = match department {
        None => None,
        Some(code) => Some(people::department_by_code(&mut tx, &code).await?.ok_or_else(no_department)?.id),
    };
    let display_name = name.unwrap_or_else(|| email.clone());
    let new = NewStaff { email, display_name, role, department_id, woman, password_hash };
    let id = people::add(&mut tx, Actor::System, new).await?;
    tx.commit().await?;
    println!("{id}");
    Ok(ExitCode::SUCCESS)
}

fn no_department() -> anyhow::Error {
    let en = "there is no department with this code";
    refuse(Refusal::new(RefusalKind::NotFound, "department.unknown", "لا توجد إدارة بهذا الرمز.", en))
}

fn read_password() -> anyhow::Result<String> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).context("reading the password")?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

/// `token create`.
#[expect(clippy::print_stdout, reason = "the answer of the command")]
pub async fn token(args: TokenArgs) -> anyhow::Result<ExitCode> {
    let TokenVerb::Create { email, scope } = args.what;
    let app = super::open().await?;
    let mut tx = app.db.begin().await?;
    let Some((staff, _)) = people::find_by_email(&mut tx, &email).await? else {
        let en = "there is no account with this e-mail address";
        return Err(refuse(Refusal::new(
            RefusalKind::NotFound,
            "account.unknown",
            "لا يوجد حساب بهذا البريد.",
            en,
        )));
    };
    let scopes = if scope.is_empty() { Scope::ALL.to_vec() } else { scope };
    let text = people::create_token(&mut tx, Actor::System, staff.id, &scopes).await?;
    tx.commit().await?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}
