//! Landlock: of all files, the upload can be read and the job's folder written.

use super::Layer;
use anyhow::Context;
use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, PathFd, Ruleset, RulesetAttr,
    RulesetCreatedAttr, RulesetStatus, Scope,
};
use std::path::Path;

/// The newest rules this code was tested with; older kernels get what they have.
const TESTED: ABI = ABI::V6;

pub(super) fn restrict(input: &Path, out_dir: &Path) -> anyhow::Result<Vec<Layer>> {
    let upload = PathFd::new(input).context("cannot open the upload")?;
    let folder = PathFd::new(out_dir).context("cannot open the job folder")?;
    // Making links, devices, sockets and pipes is part of no work here.
    let in_folder = AccessFs::ReadFile
        | AccessFs::ReadDir
        | AccessFs::WriteFile
        | AccessFs::MakeReg
        | AccessFs::RemoveFile
        | AccessFs::Truncate;
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(TESTED))?
        .handle_access(AccessNet::from_all(TESTED))?
        .scope(Scope::from_all(TESTED))?
        .create()?
        .add_rule(PathBeneath::new(upload, AccessFs::ReadFile))?
        .add_rule(PathBeneath::new(folder, in_folder))?
        .restrict_self()?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => vec![Layer::Filesystem, Layer::NetworkRules],
        RulesetStatus::PartiallyEnforced => vec![Layer::Filesystem],
        RulesetStatus::NotEnforced => Vec::new(),
    })
}
