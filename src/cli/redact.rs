//! `ishara redact`: masks identifying parts of text lines and says how each line would be routed.

use crate::text::{Redacted, Route, redact, route};
use anyhow::Context;
use serde_json::{Value, json};
use std::io::{BufRead, Write};
use std::process::ExitCode;

/// Reads text lines on standard input and writes one JSON line for each.
#[derive(Debug, clap::Args)]
pub struct Args {}

/// Runs the verb: `{"text","redacted","spans","route"}` a line, offsets in Unicode scalar values (CONTRACT section 3).
pub async fn run(_args: Args) -> anyhow::Result<ExitCode> {
    tokio::task::spawn_blocking(|| redact_lines(std::io::stdin().lock(), std::io::stdout().lock())).await??;
    Ok(ExitCode::SUCCESS)
}

fn redact_lines(input: impl BufRead, output: impl Write) -> anyhow::Result<()> {
    let mut output = std::io::BufWriter::new(output);
    for line in input.split(b'\n') {
        let line = line.context("cannot read standard input")?;
        let text = String::from_utf8_lossy(&line);
        let text = text.strip_suffix('\r').unwrap_or(&text);
        let redacted = redact(text);
        let answer = answer(text, &redacted, &route(text, &redacted.spans));
        serde_json::to_writer(&mut output, &answer).context("cannot write standard output")?;
        output.write_all(b"\n").context("cannot write standard output")?;
    }
    output.flush().context("cannot write standard output")
}

fn answer(text: &str, redacted: &Redacted, route: &Route) -> Value {
    json!({ "text": text, "redacted": redacted.text, "spans": redacted.spans, "route": route })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_becomes_one_json_line() {
        let mut output = Vec::new();
        redact_lines("هويتي 1000000008\r\nكيف أجدد الهوية؟\n".as_bytes(), &mut output).unwrap();
        let lines: Vec<Value> = String::from_utf8(output)
            .unwrap()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines.len(), 2);
        assert_eq!(lines[0]["redacted"], "هويتي [رقم هوية]");
        assert_eq!(lines[0]["spans"][0], json!({"kind": "national_id", "start": 6, "end": 16}));
        assert_eq!(lines[0]["route"]["privacy"], "private");
        assert_eq!(lines[1]["route"]["privacy"], "public");
        assert_eq!(lines[1]["route"]["intent"], "information");
    }
}
