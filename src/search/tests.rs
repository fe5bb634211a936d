use super::*;

fn clip(id: &str, title: &str, cues: &[&str]) -> ClipDocument {
    let cue = |(index, text): (usize, &&str)| CueText {
        start_ms: index as u32 * 4000,
        end_ms: index as u32 * 4000 + 3500,
        text: (*text).to_owned(),
    };
    ClipDocument {
        clip_id: id.into(),
        kind: "answer".into(),
        service: "id.renew".into(),
        sign_language: "sdl".into(),
        title: title.into(),
        cues: cues.iter().enumerate().map(cue).collect(),
        ..ClipDocument::default()
    }
}

fn library() -> Vec<ClipDocument> {
    let mut office = clip("office", "أوقات دوام المكاتب", &["تفتح المكاتب صباحًا", "وتغلق يوم الجمعة"]);
    office.service = "office.find".into();
    office.kind = "announcement".into();
    vec![
        clip(
            "renew",
            "تجديد الهوية الوطنية",
            &["ادخل إلى حسابك في أبشر", "اختر تجديد الهُوِيَّة ثم أرسل الطلب", "سدد الرسوم"],
        ),
        clip("lost", "بدل فاقد للهوية", &["أبلغ عن فقدان البطاقة", "ثم اطلب بطاقة بديلة"]),
        clip("birth", "تسجيل مولود جديد", &["سجّل المولود خلال ثلاثين يومًا"]),
        office,
    ]
}

fn filled() -> SearchIndex {
    let index = SearchIndex::in_memory().unwrap();
    let changes: Vec<Change> = library().into_iter().map(|clip| Change::Upsert(Box::new(clip))).collect();
    index.apply(&changes, 7).unwrap();
    index
}

fn query(text: &str) -> Query {
    Query { text: text.into(), limit: 10, ..Query::default() }
}

fn ids(index: &SearchIndex, text: &str) -> Vec<String> {
    index.search(&query(text)).unwrap().hits.into_iter().map(|hit| hit.clip_id).collect()
}

#[test]
fn a_word_in_the_captions_finds_the_clip_and_the_moment() {
    let page = filled().search(&query("تجديد الهوية")).unwrap();
    let hit = &page.hits[0];
    let cue = hit.cue.as_ref().unwrap();
    assert_eq!((hit.clip_id.as_str(), cue.cue.start_ms, cue.cue.end_ms), ("renew", 4000, 7500));
    let marked: String = cue
        .cue
        .text
        .chars()
        .skip(cue.highlights[0][0] as usize)
        .take((cue.highlights[0][1] - cue.highlights[0][0]) as usize)
        .collect();
    assert_eq!(marked, "تجديد الهُوِيَّة");
    assert_eq!(hit.title_highlights, [[0, 12]]);
}

#[test]
fn spellings_typos_and_joined_words_find_the_same_clip() {
    let index = filled();
    for text in ["بدل فاقد", "بدلفاقد", "بدل فاقـــد", "بدل فاقط للهويه", "فاقد بدل"]
    {
        assert_eq!(ids(&index, text)[0], "lost", "{text}");
    }
    let scores = |text: &str| index.search(&query(text)).unwrap();
    assert_eq!(scores("الهُوِيَّة الوطنية"), scores("الهويه الوطنيه"));
}

#[test]
fn a_wording_of_the_lexicon_widens_the_search_below_the_readers_own_words() {
    let index = filled();
    let widened = Query { expansions: vec!["بدل فاقد".into()], ..query("شنطة") };
    let found: Vec<String> =
        index.search(&widened).unwrap().hits.into_iter().map(|hit| hit.clip_id).collect();
    assert_eq!(found.first().map(String::as_str), Some("lost"));
    let own = Query { expansions: vec!["بدل فاقد".into()], ..query("تسجيل مولود") };
    assert_eq!(index.search(&own).unwrap().hits[0].clip_id, "birth");
}

#[test]
fn what_only_another_wording_found_shows_its_moment_and_marks() {
    let index = SearchIndex::in_memory().unwrap();
    let record = clip("record", "سجلّ الأسرة", &["ادخل إلى حسابك", "اطلب سِجلّ الأسرة", "سدد الرسوم"]);
    index.rebuild(library().into_iter().chain([record]).map(Ok), 1).unwrap();
    let widened = Query { expansions: vec!["سجل الأسرة".into()], ..query("كرت العايله") };
    let hit = index.search(&widened).unwrap().hits.remove(0);
    let cue = hit.cue.unwrap();
    assert_eq!((hit.clip_id.as_str(), cue.cue.start_ms), ("record", 4000));
    assert_eq!((hit.title_highlights, cue.highlights), (vec![[0, 11]], vec![[5, 17]]));
}

#[test]
fn the_day_of_publication_restricts_a_search() {
    let index = SearchIndex::in_memory().unwrap();
    let dated = library()
        .into_iter()
        .enumerate()
        .map(|(at, clip)| Ok(ClipDocument { published_ms: 1_000 * (at as i64 + 1), ..clip }));
    index.rebuild(dated, 1).unwrap();
    let with = |from: Option<i64>, until: Option<i64>| -> Vec<String> {
        let filter = Filter { published_from: from, published_until: until, ..Filter::default() };
        let hits = index.search(&Query { filter, ..query("الهوية") }).unwrap().hits;
        hits.into_iter().map(|hit| hit.clip_id).collect()
    };
    assert_eq!(with(Some(2_000), None), ["lost"]);
    assert_eq!(with(None, Some(2_000)), ["renew"]);
    assert_eq!(with(Some(1_000), Some(3_000)).len(), 2);
    assert!(with(Some(9_000), None).is_empty());
}

#[test]
fn nonsense_and_empty_queries_find_nothing() {
    let index = filled();
    for text in ["", "؟؟؟", "xyzzy qqq", "زخزخزخ ضظضظ"] {
        assert_eq!(index.search(&query(text)).unwrap(), Page::default(), "{text}");
    }
}

#[test]
fn filters_restrict_by_service_kind_and_sign_language() {
    let index = filled();
    let with = |filter: Filter| index.search(&Query { filter, ..query("المكاتب والهوية") }).unwrap().hits;
    let service = with(Filter { service: Some("office.find".into()), ..Filter::default() });
    assert_eq!(service.iter().map(|hit| hit.clip_id.as_str()).collect::<Vec<_>>(), ["office"]);
    assert!(
        with(Filter { kinds: vec!["answer".into()], ..Filter::default() })
            .iter()
            .all(|hit| hit.clip_id != "office")
    );
    assert!(with(Filter { sign_language: Some("ase".into()), ..Filter::default() }).is_empty());
}

#[test]
fn pages_follow_each_other_without_gap_or_repeat() {
    let index = SearchIndex::in_memory().unwrap();
    let clips: Vec<Change> = (0..25)
        .map(|i| Change::Upsert(Box::new(clip(&format!("c{i:02}"), "تجديد الهوية", &["نص"]))))
        .collect();
    index.apply(&clips, 1).unwrap();
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = index.search(&Query { limit: 7, after, ..query("هوية") }).unwrap();
        assert_eq!(page.total, 25);
        seen.extend(page.hits.into_iter().map(|hit| hit.clip_id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let mut all: Vec<String> = (0..25).map(|i| format!("c{i:02}")).collect();
    all.sort_by_key(|id| super::schema::key_of(id));
    assert_eq!(seen, all, "equal scores come in the order of their keys");
}

#[test]
fn a_changed_clip_is_found_by_its_new_text_only_and_a_withdrawn_one_not_at_all() {
    let index = filled();
    index.apply(&[Change::Upsert(Box::new(clip("birth", "عنوان آخر", &["كلام مختلف"])))], 8).unwrap();
    assert!(!ids(&index, "تسجيل مولود").contains(&"birth".to_owned()));
    assert_eq!(ids(&index, "كلام مختلف"), ["birth"]);
    index.apply(&[Change::Delete("birth".into())], 9).unwrap();
    assert!(ids(&index, "كلام مختلف").is_empty());
    assert_eq!(index.last_seq(), 9);
}

#[test]
fn hostile_queries_cost_little_and_break_nothing() {
    let index = filled();
    for text in [
        "(".repeat(10_000),
        "هوية* OR state:private".into(),
        "\"".repeat(500),
        "a".repeat(65_536),
        "\u{64b}".repeat(5000),
        (0..10_000).map(|i| format!("t{i} ")).collect(),
        "\0\u{202e}[1 TO *]^9~2".into(),
    ] {
        assert!(index.search(&query(&text)).is_ok());
    }
}

#[test]
fn a_large_library_answers_alike_before_and_after_its_parts_are_put_together() {
    let index = SearchIndex::in_memory().unwrap();
    let many =
        (0..1_200).map(|at| Ok(clip(&format!("c{at:04}"), &format!("تجديد بطاقة رقم {at}"), &["قدّم الطلب"])));
    index.rebuild(many.collect::<Vec<_>>().into_iter(), 1).unwrap();
    let before = ids(&index, "بطاقة رقم 77");
    assert_eq!(before[0], "c0077");
    index.compact().unwrap();
    assert_eq!(index.clip_count(), 1_200);
    assert_eq!(ids(&index, "بطاقة رقم 77"), before);
    index.apply(&[Change::Delete("c0077".into())], 2).unwrap();
    assert_ne!(ids(&index, "بطاقة رقم 77")[0], "c0077");
}

#[test]
fn a_reopened_index_remembers_its_place_and_content() {
    let home = tempfile::tempdir().unwrap();
    let index = SearchIndex::open(home.path()).unwrap();
    assert_eq!(index.health(), Health::NeedsRebuild);
    index.rebuild(library().into_iter().map(Ok), 41).unwrap();
    drop(index);
    let index = SearchIndex::open(home.path()).unwrap();
    assert_eq!((index.health(), index.last_seq(), index.clip_count()), (Health::Ready, 41, 4));
    assert_eq!(ids(&index, "مولود")[0], "birth");
}

#[test]
fn a_damaged_index_is_moved_aside_and_can_be_filled_again() {
    type Damage = fn(&std::path::Path);
    let damages: [(&str, Damage); 5] = [
        ("folder gone", |home| std::fs::remove_dir_all(home).unwrap()),
        ("no current name", |home| std::fs::remove_file(home.join("CURRENT")).unwrap()),
        ("meta truncated", |home| std::fs::write(generation_of(home).join("meta.json"), b"{").unwrap()),
        ("segment flipped", flip_a_segment_byte),
        ("segment gone", |home| std::fs::remove_file(segment_file(home)).unwrap()),
    ];
    for (name, damage) in damages {
        let home = tempfile::tempdir().unwrap();
        let index = SearchIndex::open(home.path()).unwrap();
        index.rebuild(library().into_iter().map(Ok), 5).unwrap();
        drop(index);
        damage(home.path());
        let index = SearchIndex::open(home.path()).unwrap();
        assert_eq!((index.health(), index.last_seq()), (Health::NeedsRebuild, 0), "{name}");
        index.rebuild(library().into_iter().map(Ok), 6).unwrap();
        assert_eq!((index.health(), ids(&index, "مولود")[0].as_str()), (Health::Ready, "birth"), "{name}");
    }
}

#[test]
fn a_stale_lock_file_does_not_stop_writing() {
    let home = tempfile::tempdir().unwrap();
    SearchIndex::open(home.path()).unwrap().rebuild(library().into_iter().map(Ok), 5).unwrap();
    std::fs::write(generation_of(home.path()).join(".tantivy-writer.lock"), b"").unwrap();
    let index = SearchIndex::open(home.path()).unwrap();
    index.apply(&[Change::Delete("birth".into())], 6).unwrap();
    assert_eq!(index.clip_count(), 3);
}

#[test]
fn a_failed_rebuild_keeps_the_old_content() {
    let index = filled();
    let broken = library().into_iter().map(Ok).chain([Err(anyhow::anyhow!("the database is gone"))]);
    assert!(index.rebuild(broken, 99).is_err());
    assert_eq!((index.last_seq(), ids(&index, "مولود")[0].as_str()), (7, "birth"));
}

#[test]
fn candidates_stand_out_in_the_views_that_match() {
    let index = filled();
    let found = index
        .candidates(&CandidateQuery {
            text: "ضاعت بطاقتي",
            expansions: &[("بدل فاقد".into(), 0.5)],
            filter: &Filter::default(),
            also: &[],
            depth: 10,
        })
        .unwrap();
    let best = found.list.iter().max_by(|a, b| a.standard[0].total_cmp(&b.standard[0])).unwrap();
    assert_eq!((best.clip.clip_id.as_str(), found.library), ("lost", 4));
    assert!(best.cue.is_some() && best.scores[0] > 0.0);
}

fn generation_of(home: &std::path::Path) -> std::path::PathBuf {
    let number: u64 = std::fs::read_to_string(home.join("CURRENT")).unwrap().trim().parse().unwrap();
    home.join(format!("g{number:06}"))
}

fn segment_file(home: &std::path::Path) -> std::path::PathBuf {
    let files = std::fs::read_dir(generation_of(home)).unwrap().flatten().map(|entry| entry.path());
    files
        .filter(|path| path.extension().is_some_and(|extension| extension == "idx" || extension == "store"))
        .min()
        .unwrap()
}

fn flip_a_segment_byte(home: &std::path::Path) {
    let path = segment_file(home);
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 3;
    bytes[middle] ^= 0xff;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn skipping_finds_the_same_best_clips_with_the_same_scores() {
    use super::schema::Level;
    use super::score::{Restriction, score};
    use super::wide::{WideQuery, sample};
    let index = SearchIndex::in_memory().unwrap();
    let topics = ["تجديد الهوية", "تسجيل مولود", "حجز موعد", "بدل فاقد", "سداد الرسوم"];
    let clips: Vec<Change> = (0..60)
        .map(|at| {
            let title = format!("{} رقم {at} {}", topics[at % 5], topics[(at / 7) % 5]);
            Change::Upsert(Box::new(clip(
                &format!("c{at:02}"),
                &title,
                &["اختر الخدمة", topics[(at / 3) % 5]],
            )))
        })
        .collect();
    // Two commits make two segments.
    index.apply(&clips[..40], 1).unwrap();
    index.apply(&clips[40..], 2).unwrap();
    let live = index.live();
    let (searcher, fields) = (live.searcher(), &live.fields);
    let terms = Terms::of("موعد تسجيل المواليد");
    let asked = [(fields.all.grams, &terms.grams, 1.0), (fields.all.stems, &terms.stems, 1.6)];
    let mut all = score(&searcher, fields, Level::Clip, &asked, &Restriction::default()).unwrap();
    all.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let wide = WideQuery::new(&searcher, fields, Level::Clip, &asked).unwrap();
    let best = wide.best(10).unwrap();
    for ((found, _), (exact, _)) in best.iter().zip(&all) {
        assert!((found - exact).abs() < 1e-3, "{found} {exact}");
    }
    let everything = sample(&searcher, fields).unwrap();
    assert_eq!(everything.len(), 60, "a library smaller than the sample is its own sample");
    let scores = wide.scores_at(&everything).unwrap();
    for (score, address) in scores.iter().zip(&everything) {
        let exact = all.iter().find(|(_, at)| at == address).map_or(0.0, |(score, _)| *score);
        assert!((score - exact).abs() < 1e-3);
    }
}

#[test]
fn a_clip_of_near_meaning_rises_above_one_that_shares_a_word() {
    let index = filled();
    let order = |near: &Nearness| -> Vec<String> {
        index.search_near(&query("تجديد"), near).unwrap().hits.into_iter().map(|hit| hit.clip_id).collect()
    };
    assert_eq!(order(&Nearness::default())[0], "renew");
    let near = Nearness::new([("birth".to_owned(), 6.0)].into());
    assert_eq!(order(&near)[0], "birth");
    let filter = Filter { kinds: vec!["announcement".into()], ..Filter::default() };
    let page = index.search_near(&Query { filter, ..query("المكاتب") }, &near).unwrap();
    assert!(page.hits.iter().all(|hit| hit.clip_id == "office"));
    assert_eq!(index.search_near(&query("xyzzy"), &near).unwrap(), Page::default());
}
