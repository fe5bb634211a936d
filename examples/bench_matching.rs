//! The matcher's half of `scripts/bench match`: libraries of made-up answers, timed in this process, one JSON line a figure.
//!
//!     bench_matching WORK_FOLDER MODEL_FOLDER [SIZE ...]
//!
//! Answers are made of frequent Arabic words by a fixed rule, each with ten taught wordings; questions are wordings with
//! words dropped and letters doubled. The vectors are made up too: computing a hundred thousand real ones takes hours
//! and changes no time but that. WORK_FOLDER/corpus.tsv and queries.tsv hold the largest library as folded words, for
//! other engines.

#![allow(clippy::print_stdout, reason = "the figures are the point of this program")]

use anyhow::Context;
use ishara::matching::{Asked, Lexicon, Matcher, Meanings, Model};
use ishara::search::{ClipDocument, CueText, Filter, Query, SearchIndex};
use ishara::sentence::{SentenceModel, Side};
use ishara::text::fold_text;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

const SIZES: [usize; 4] = [1_000, 2_000, 10_000, 100_000];
const WORDINGS: usize = 10;
const QUESTIONS: usize = 200;
const DIMENSIONS: usize = 384;

/// Stems of everyday and service words; prefixes and endings make some hundred times as many.
const STEMS: &str = "هوية تجديد طلب موعد مكتب بطاقة سجل أسرة مولود زواج طلاق وفاة شهادة عنوان جواز رسوم دفع رسالة رقم جوال \
    صورة اسم تعديل إضافة حذف إصدار بدل فاقد تالف سفر إقامة عمل شركة مدرسة طالب جامعة مستشفى طبيب دواء سيارة رخصة مخالفة \
    بيت إيجار كهرباء ماء فاتورة حساب بنك تحويل سلفة ضمان تأمين وكالة محكمة عقد توقيع نموذج وثيقة ورقة نسخة أصل خدمة تطبيق \
    رابط تسجيل دخول خروج كلمة سر رمز جهاز بصمة زيارة حجز إلغاء تأجيل انتظار دور فرع مدينة منطقة حي شارع بريد توصيل استلام";
const PREFIXES: [&str; 6] = ["", "ال", "بال", "وال", "لل", "و"];
const ENDINGS: [&str; 6] = ["", "ي", "ك", "ها", "ات", "ين"];

/// xorshift: the same numbers on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit
    }

    /// Small numbers are frequent, as with words.
    fn frequent_below(&mut self, limit: usize) -> usize {
        let share = self.below(1 << 20) as f64 / f64::from(1 << 20);
        ((limit as f64).powf(share) - 1.0) as usize
    }
}

struct Words(Vec<String>);

impl Words {
    fn new() -> Words {
        let mut words = Vec::new();
        for ending in ENDINGS {
            for prefix in PREFIXES {
                words.extend(STEMS.split_whitespace().map(|stem| format!("{prefix}{stem}{ending}")));
            }
        }
        // Names make rare words: every library has thousands that one answer has.
        let letters: Vec<char> = "ابتجدرسعفقكلمنهوي".chars().collect();
        let mut numbers = Numbers(7);
        words.extend((0..20_000).map(|_| (0..5).map(|_| letters[numbers.below(letters.len())]).collect()));
        Words(words)
    }

    fn text(&self, numbers: &mut Numbers, count: usize) -> String {
        let word = |_| self.0[numbers.frequent_below(self.0.len())].as_str();
        (0..count).map(word).collect::<Vec<_>>().join(" ")
    }
}

/// An answer about a few words of its own.
fn answer(words: &Words, numbers: &mut Numbers, at: usize) -> ClipDocument {
    let topic = words.text(numbers, 4);
    let about = |numbers: &mut Numbers, count: usize| {
        let mut parts: Vec<&str> = topic.split(' ').filter(|_| numbers.below(3) > 0).collect();
        let more = words.text(numbers, count);
        parts.extend(more.split(' '));
        parts.join(" ")
    };
    ClipDocument {
        clip_id: format!("a{at:06}"),
        kind: "answer".into(),
        service: "id.renew".into(),
        title: topic.clone(),
        question: about(numbers, 3),
        aliases: (0..WORDINGS).map(|_| about(numbers, 3)).collect(),
        cues: CueText::sentences(&format!(
            "{}. {}. {}.",
            about(numbers, 6),
            about(numbers, 6),
            about(numbers, 6)
        )),
        ..ClipDocument::default()
    }
}

/// A wording with a word less and a letter twice.
fn question(answer: &ClipDocument, numbers: &mut Numbers) -> String {
    let mut words: Vec<String> =
        answer.aliases[numbers.below(WORDINGS)].split(' ').map(str::to_owned).collect();
    if words.len() > 3 {
        words.remove(numbers.below(words.len()));
    }
    let word = numbers.below(words.len());
    if let Some(letter) = words[word].chars().nth(1) {
        words[word].push(letter);
    }
    words.join(" ")
}

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, work, model, sizes @ ..] = arguments.as_slice() else {
        anyhow::bail!("usage: bench_matching WORK MODEL [SIZE ...]")
    };
    let words = Words::new();
    let model_at_hand = SentenceModel::open(Path::new(model)).ok();
    let embedding = model_at_hand.as_ref().map(embedding_times).transpose()?;
    drop(model_at_hand);
    if let Some(times) = &embedding {
        figure("embedding_p50", percentile(times, 50), "ms");
        figure("embedding_p95", percentile(times, 95), "ms");
    }
    let chosen: Vec<usize> = sizes.iter().filter_map(|size| size.parse().ok()).collect();
    for size in SIZES.into_iter().filter(|size| chosen.is_empty() || chosen.contains(size)) {
        measure(size, &words, Path::new(work), Path::new(model))?;
    }
    Ok(())
}

fn embedding_times(model: &SentenceModel) -> anyhow::Result<Vec<f64>> {
    let words = Words::new();
    let mut numbers = Numbers(11);
    let texts: Vec<String> = (0..QUESTIONS)
        .map(|_| {
            let count = 3 + numbers.below(9);
            words.text(&mut numbers, count)
        })
        .collect();
    times(&texts, |text| model.embed(text, Side::Query).map(drop))
}

fn measure(size: usize, words: &Words, work: &Path, model: &Path) -> anyhow::Result<()> {
    let mut numbers = Numbers(42);
    let answers: Vec<ClipDocument> = (0..size).map(|at| answer(words, &mut numbers, at)).collect();
    let questions: Vec<(usize, String)> = (0..QUESTIONS)
        .map(|_| {
            let at = numbers.below(size);
            (at, question(&answers[at], &mut numbers))
        })
        .collect();
    if size == SIZES[SIZES.len() - 1] {
        write_for_others(work, &answers, &questions)?;
    }
    let index = Arc::new(SearchIndex::open(&work.join(format!("index-{size}")))?);
    let begun = Instant::now();
    index.rebuild(answers.into_iter().map(Ok), 1)?;
    figure(&format!("indexed_per_second_{size}"), size as f64 / begun.elapsed().as_secs_f64(), "1/s");
    let begun = Instant::now();
    index.compact()?;
    figure(&format!("put_together_{size}"), begun.elapsed().as_secs_f64() * 1000.0, "ms");
    let matcher = Matcher::new(index, Lexicon::shipped()?, Model::shipped()?);
    let texts: Vec<String> = questions.iter().map(|(_, text)| text.clone()).collect();
    searching(size, &matcher, &questions)?;
    let ask = |matcher: &Matcher, text: &str| {
        matcher.match_question(&Asked { text, filter: Filter::default(), limit: 10 }).map(drop)
    };
    let lexical = times(&texts, |text| ask(&matcher, text))?;
    figure(&format!("lexical_match_p50_{size}"), percentile(&lexical, 50), "ms");
    figure(&format!("lexical_match_p95_{size}"), percentile(&lexical, 95), "ms");
    figure(&format!("memory_words_{size}"), resident_mb()?, "MB");
    let meanings = Meanings::open(model);
    if !meanings.is_ready() {
        return Ok(());
    }
    let mut numbers = Numbers(5);
    for at in 0..size {
        let mut vector =
            || -> Vec<f32> { (0..DIMENSIONS).map(|_| (numbers.next() >> 40) as f32 / 8e6 - 1.0).collect() };
        let own = [vector(), vector(), vector(), vector()];
        let wordings: Vec<Vec<f32>> = (0..WORDINGS).map(|_| vector()).collect();
        meanings.shelve_vectors(&format!("a{at:06}"), &own, &wordings);
    }
    let matcher = matcher.with_meanings(Arc::new(meanings));
    let hybrid = times(&texts, |text| ask(&matcher, text))?;
    figure(&format!("hybrid_match_p50_{size}"), percentile(&hybrid, 50), "ms");
    figure(&format!("hybrid_match_p95_{size}"), percentile(&hybrid, 95), "ms");
    // A greeting and thanks around each: whoever is not sure of the whole reads the part that asks once more.
    let chatty: Vec<String> =
        texts.iter().map(|text| format!("السلام عليكم 🌷 كيف {text}؟ وشكراً لكم")).collect();
    let chatty = times(&chatty, |text| ask(&matcher, text))?;
    figure(&format!("hybrid_chatty_p50_{size}"), percentile(&chatty, 50), "ms");
    figure(&format!("hybrid_chatty_p95_{size}"), percentile(&chatty, 95), "ms");
    figure(&format!("memory_hybrid_{size}"), resident_mb()?, "MB");
    Ok(())
}

/// Search by words: what other engines are compared with.
fn searching(size: usize, matcher: &Matcher, questions: &[(usize, String)]) -> anyhow::Result<()> {
    let mut reciprocal = 0.0;
    let found = times(questions, |(at, text)| {
        let query = Query { text: text.clone(), limit: 10, ..Query::default() };
        let page = matcher.search(&query)?;
        let wanted = format!("a{at:06}");
        if let Some(place) = page.hits.iter().position(|hit| hit.clip_id == wanted) {
            reciprocal += 1.0 / (place + 1) as f64;
        }
        Ok(())
    })?;
    figure(&format!("search_p50_{size}"), percentile(&found, 50), "ms");
    figure(&format!("search_p95_{size}"), percentile(&found, 95), "ms");
    figure(
        &format!("search_per_second_{size}"),
        1000.0 * found.len() as f64 / found.iter().sum::<f64>(),
        "1/s",
    );
    // The first round warms the files and counts the same questions.
    figure(&format!("search_mrr_{size}"), reciprocal / 2.0 / questions.len() as f64, "MRR");
    Ok(())
}

/// Milliseconds of each, after one round to warm up.
fn times<T>(items: &[T], mut work: impl FnMut(&T) -> anyhow::Result<()>) -> anyhow::Result<Vec<f64>> {
    items.iter().try_for_each(&mut work)?;
    let mut times = Vec::with_capacity(items.len());
    for item in items {
        let begun = Instant::now();
        work(item)?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn percentile(sorted: &[f64], percent: usize) -> f64 {
    sorted.get((sorted.len() * percent / 100).min(sorted.len().saturating_sub(1))).copied().unwrap_or(0.0)
}

fn write_for_others(
    work: &Path,
    answers: &[ClipDocument],
    questions: &[(usize, String)],
) -> anyhow::Result<()> {
    let (mut corpus, mut queries) = (String::new(), String::new());
    for answer in answers {
        let caption: Vec<&str> = answer.cues.iter().map(|cue| cue.text.as_str()).collect();
        let text = [&answer.title, &answer.question].into_iter().chain(&answer.aliases).map(String::as_str);
        let text = text.chain(caption).collect::<Vec<_>>().join(" ");
        writeln!(corpus, "{}\t{}", answer.clip_id, fold_text(&text).replace(['\t', '\n', '.'], " "))?;
    }
    for (at, text) in questions {
        writeln!(queries, "a{at:06}\t{}", fold_text(text))?;
    }
    std::fs::write(work.join("corpus.tsv"), corpus).context("cannot write the corpus")?;
    std::fs::write(work.join("queries.tsv"), queries).context("cannot write the queries")
}

fn resident_mb() -> anyhow::Result<f64> {
    let status = std::fs::read_to_string("/proc/self/status").context("this needs Linux")?;
    let line = status.lines().find(|line| line.starts_with("RssAnon")).context("no figure of memory")?;
    let kb: f64 = line.split_whitespace().nth(1).context("no figure of memory")?.parse()?;
    Ok(kb / 1024.0)
}

fn figure(name: &str, value: f64, unit: &str) {
    println!("{{\"bench\":\"match\",\"figure\":\"{name}\",\"value\":{value:.3},\"unit\":\"{unit}\"}}");
}
