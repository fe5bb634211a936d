//! Settings: environment over the TOML file named by `ISHARA_CONFIG` over defaults that run.
//!
//! Read once at start; unknown names are an error. This is the only place that looks at the environment.

use anyhow::{Context as _, bail};
use media::Thresholds;
use media::job::KnownHoles;
use media::quality::LengthRule;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};

/// Everything that can be set. The field names are the environment names without `ISHARA_`, in lower case.
#[derive(Debug, Clone)]
pub struct Config {
    /// Everything local: database, blobs, index, scratch. Absolute.
    pub data: PathBuf,
    /// The web and API listener.
    pub listen: SocketAddr,
    /// `/healthz`, `/readyz`, `/metrics`.
    pub ops_listen: SocketAddr,
    /// Start of absolute links, without a slash at the end.
    pub base_url: url::Url,
    /// `sqlite://…` or `postgres://…`; may hold a password, so it is never printed.
    pub database_url: secrecy::SecretString,
    /// `file://…` or `s3://bucket/prefix`.
    pub storage_url: String,
    /// The sentence model; absent means lexical matching only.
    pub model_dir: PathBuf,
    /// How many media jobs run at once.
    pub workers: usize,
    /// Whether an FFmpeg with a known hole in a decoder that we use may work (`ISHARA_ACCEPT_KNOWN_HOLES=yes`).
    pub known_holes: KnownHoles,
    /// Where the upload checks warn and block: the table `[upload_checks]` of the settings file.
    pub upload_checks: Thresholds,
    /// How long clips should be: the table `[clip_lengths]` of the settings file.
    pub clip_lengths: ClipLengths,
    /// The key that seals clear question text and signs sessions and media links.
    pub secret_key_file: PathBuf,
    /// Whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// `AWS_*` variables for S3 storage, under their lower-case names.
    pub aws: BTreeMap<String, String>,
}

/// How long clips should be, by what they are for; the defaults are those of `reference/deaf-users.md` 1.1.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClipLengths {
    /// Answers, announcements and corrections.
    pub answer: LengthRule,
    /// Awareness clips and safety warnings.
    pub awareness: LengthRule,
    /// Signed titles and terms.
    pub title: LengthRule,
}

impl Default for ClipLengths {
    fn default() -> Self {
        Self { answer: LengthRule::ANSWER, awareness: LengthRule::AWARENESS, title: LengthRule::TITLE }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    data: Option<PathBuf>,
    listen: Option<String>,
    ops_listen: Option<String>,
    base_url: Option<String>,
    database_url: Option<String>,
    storage_url: Option<String>,
    model_dir: Option<PathBuf>,
    workers: Option<String>,
    accept_known_holes: Option<String>,
    upload_checks: Option<toml::Table>,
    clip_lengths: Option<ClipLengths>,
    secret_key_file: Option<PathBuf>,
    trusted_proxies: Option<String>,
}

impl Config {
    /// Reads the environment of this process and the file it names.
    pub fn from_environment() -> anyhow::Result<Self> {
        Self::from_variables(std::env::vars().collect())
    }

    /// Where an answer's upload checks warn and block, for verbs that need no other setting: from the file that
    /// `ISHARA_CONFIG` names, if it does.
    pub fn upload_checks_from_environment() -> anyhow::Result<Thresholds> {
        let file_alone = std::env::vars().filter(|(name, _)| name == "ISHARA_CONFIG").collect();
        let config = Self::from_variables(file_alone)?;
        Ok(Thresholds { length: config.clip_lengths.answer, ..config.upload_checks })
    }

    /// Reads a given set of variables; tests pass their own.
    pub fn from_variables(mut variables: BTreeMap<String, String>) -> anyhow::Result<Self> {
        let aws = variables
            .iter()
            .filter(|(name, _)| name.starts_with("AWS_"))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect();
        let mut table = match variables.remove("ISHARA_CONFIG") {
            Some(path) => read_file(Path::new(&path))?,
            None => toml::Table::new(),
        };
        for (name, value) in variables {
            if let Some(setting) = name.strip_prefix("ISHARA_") {
                table.insert(setting.to_ascii_lowercase(), toml::Value::String(value));
            }
        }
        let settings: Settings = table.try_into().map_err(|wrong: toml::de::Error| {
            anyhow::anyhow!("settings (ISHARA_* variables or the file): {}", wrong.message())
        })?;
        settings.resolve(aws)
    }
}

fn read_file(path: &Path) -> anyhow::Result<toml::Table> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("reading the settings file {}", path.display()))?;
    let mut table: toml::Table =
        text.parse().with_context(|| format!("the settings file {}", path.display()))?;
    // Numbers are welcome in the file; the environment only has text.
    if let Some(workers) = table.get("workers").and_then(toml::Value::as_integer) {
        table.insert("workers".to_owned(), toml::Value::String(workers.to_string()));
    }
    Ok(table)
}

impl Settings {
    fn resolve(self, aws: BTreeMap<String, String>) -> anyhow::Result<Config> {
        let data = std::path::absolute(self.data.unwrap_or_else(|| PathBuf::from("data")))
            .context("making ISHARA_DATA absolute")?;
        let base_url = self.base_url.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
        let base_url = url::Url::parse(base_url.trim_end_matches('/'))
            .with_context(|| format!("ISHARA_BASE_URL is not a URL: {base_url}"))?;
        let database_url =
            self.database_url.unwrap_or_else(|| format!("sqlite://{}", data.join("ishara.db").display()));
        Ok(Config {
            listen: address("ISHARA_LISTEN", self.listen, "127.0.0.1:8080")?,
            ops_listen: address("ISHARA_OPS_LISTEN", self.ops_listen, "127.0.0.1:8081")?,
            base_url,
            database_url: database_url.into(),
            storage_url: self
                .storage_url
                .unwrap_or_else(|| format!("file://{}", data.join("blobs").display())),
            model_dir: self.model_dir.unwrap_or_else(|| data.join("model")),
            workers: workers(self.workers)?,
            known_holes: known_holes(self.accept_known_holes.as_deref())?,
            upload_checks: upload_checks(self.upload_checks)?,
            clip_lengths: clip_lengths(self.clip_lengths)?,
            secret_key_file: self.secret_key_file.unwrap_or_else(|| data.join("secret.key")),
            trusted_proxies: proxies(self.trusted_proxies)?,
            aws,
            data,
        })
    }
}

fn address(name: &str, value: Option<String>, default: &str) -> anyhow::Result<SocketAddr> {
    let text = value.as_deref().unwrap_or(default);
    text.parse().with_context(|| format!("{name} is not an address with a port: {text}"))
}

fn workers(value: Option<String>) -> anyhow::Result<usize> {
    let Some(text) = value else {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        return Ok(cores.saturating_sub(1).max(1));
    };
    let count: usize = text.parse().with_context(|| format!("ISHARA_WORKERS is not a number: {text}"))?;
    if count == 0 || count > 256 {
        bail!("ISHARA_WORKERS must be between 1 and 256, not {count}");
    }
    Ok(count)
}

fn known_holes(value: Option<&str>) -> anyhow::Result<KnownHoles> {
    match value {
        None | Some("no") => Ok(KnownHoles::Refuse),
        Some("yes") => Ok(KnownHoles::Accept),
        Some(other) => bail!("ISHARA_ACCEPT_KNOWN_HOLES is yes or no, not {other}"),
    }
}

/// Lengths depend on the kind of clip and sharpness on the house's own clips; neither is one number.
fn upload_checks(given: Option<toml::Table>) -> anyhow::Result<Thresholds> {
    let given = given.unwrap_or_default();
    for (name, instead) in
        [("length", "set [clip_lengths] instead"), ("sharpness_floor", "it follows the approved clips")]
    {
        if given.contains_key(name) {
            bail!("[upload_checks] has no {name}: {instead}");
        }
    }
    let checks: Thresholds = given
        .try_into()
        .map_err(|wrong: toml::de::Error| anyhow::anyhow!("[upload_checks]: {}", wrong.message()))?;
    let numbers = serde_json::to_value(&checks).context("[upload_checks]")?;
    for (name, value) in numbers.as_object().into_iter().flatten() {
        if matches!(name.as_str(), "length" | "sharpness_floor") {
            continue;
        }
        // JSON has no endless numbers; decibels are below zero, everything else is not.
        let most = if name.ends_with("_share") || name.starts_with("face_height") { 1.0 } else { f64::MAX };
        let least = if name == "silence_db" { f64::MIN } else { 0.0 };
        let fits = value.as_f64().is_some_and(|number| (least..=most).contains(&number));
        anyhow::ensure!(fits, "[upload_checks] {name} is out of range");
    }
    Ok(checks)
}

fn clip_lengths(given: Option<ClipLengths>) -> anyhow::Result<ClipLengths> {
    let lengths = given.unwrap_or_default();
    for (name, rule) in
        [("answer", lengths.answer), ("awareness", lengths.awareness), ("title", lengths.title)]
    {
        if !(rule.warn_s > 0.0 && rule.warn_s <= rule.block_s && rule.block_s.is_finite()) {
            bail!("[clip_lengths] {name}: warn_s must be above 0 and at most block_s");
        }
    }
    Ok(lengths)
}

fn proxies(value: Option<String>) -> anyhow::Result<Vec<IpAddr>> {
    let text = value.unwrap_or_default();
    text.split([',', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse().with_context(|| format!("ISHARA_TRUSTED_PROXIES: not an IP address: {part}"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(pairs: &[(&str, &str)]) -> anyhow::Result<Config> {
        Config::from_variables(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn defaults_run() {
        let config = from(&[]).unwrap();
        assert!(config.data.is_absolute());
        assert!(config.storage_url.starts_with("file:///"));
        assert!(config.workers >= 1);
    }

    #[test]
    fn an_unknown_name_is_an_error_that_names_it() {
        let wrong = from(&[("ISHARA_LISTN", "127.0.0.1:1")]).unwrap_err().to_string();
        assert!(wrong.contains("listn"), "{wrong}");
    }

    #[test]
    fn a_bad_value_names_its_setting() {
        let wrong = from(&[("ISHARA_WORKERS", "many")]).unwrap_err().to_string();
        assert!(wrong.contains("ISHARA_WORKERS"), "{wrong}");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ishara.toml");
        std::fs::write(&path, "listen = \"127.0.0.1:1\"\nworkers = 3\n").unwrap();
        let config =
            from(&[("ISHARA_CONFIG", path.to_str().unwrap()), ("ISHARA_LISTEN", "127.0.0.1:2")]).unwrap();
        assert_eq!(config.listen.port(), 2);
        assert_eq!(config.workers, 3);
    }

    fn from_file(text: &str) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ishara.toml");
        std::fs::write(&path, text).unwrap();
        from(&[("ISHARA_CONFIG", path.to_str().unwrap())])
    }

    #[test]
    fn a_house_sets_its_own_upload_checks() {
        let config = from_file(
            "[upload_checks]\nfps_block = 18\nluma_dark = 42.5\n\
             [clip_lengths]\nanswer = { warn_s = 60, block_s = 180 }\n",
        )
        .unwrap();
        assert_eq!((config.upload_checks.fps_block, config.upload_checks.luma_dark), (18.0, 42.5));
        assert_eq!(config.upload_checks.fps_warn, Thresholds::default().fps_warn);
        assert_eq!(config.clip_lengths.answer, LengthRule { warn_s: 60.0, block_s: 180.0 });
        assert_eq!(config.clip_lengths.awareness, LengthRule::AWARENESS);
    }

    #[test]
    fn a_wrong_limit_is_an_error_that_names_it() {
        for (text, named) in [
            ("[upload_checks]\nfps_blok = 18\n", "fps_blok"),
            ("[upload_checks]\nfps_block = \"many\"\n", "upload_checks"),
            ("[upload_checks]\nlength = { warn_s = 1, block_s = 2 }\n", "clip_lengths"),
            ("[upload_checks]\nfps_block = nan\n", "fps_block"),
            ("[upload_checks]\nfps_warn = inf\n", "fps_warn"),
            ("[upload_checks]\nluma_dark = -1\n", "luma_dark"),
            ("[upload_checks]\ndamaged_block_share = 10\n", "damaged_block_share"),
            ("[clip_lengths]\nanswer = { warn_s = 90, block_s = 60 }\n", "answer"),
            ("[clip_lengths]\nquestion = { warn_s = 9, block_s = 60 }\n", "question"),
        ] {
            let wrong = format!("{:#}", from_file(text).unwrap_err());
            assert!(wrong.contains(named), "{wrong}");
        }
    }

    #[test]
    fn the_database_password_is_not_printed() {
        let config = from(&[("ISHARA_DATABASE_URL", "postgres://user:hunter2@db/ishara")]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}
