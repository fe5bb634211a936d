//! Words with a sign of their own: the published clips of terms, found again in transcripts.

use super::cards::{Card, CardFilter, newest_cards};
use super::files::saver_videos;
use super::kind::ClipKind;
use crate::db::Conn;
use crate::text::{Folded, Word, fold};

/// More terms than any house signs.
const MOST_TERMS: i64 = 1_000;
/// Written in one with the word that follows: and, in, for, so, like.
const JOINED: [char; 5] = ['و', 'ب', 'ل', 'ف', 'ك'];
const ARTICLES: [&str; 2] = ["ال", "لل"];

/// The published terms.
#[derive(Debug, Clone, Default)]
pub struct Glossary {
    terms: Vec<Term>,
}

/// A term and the clip that signs it.
#[derive(Debug, Clone)]
pub struct Term {
    /// Its folded words.
    words: Vec<String>,
    /// Its clip's address.
    pub slug: String,
    /// Its Arabic title.
    pub title_ar: String,
    /// Its English title; may be empty.
    pub title_en: String,
    /// Language tag of the signing.
    pub sign_language: String,
    /// The address of its smallest video.
    pub video: String,
}

/// A run of a text.
#[derive(Debug, Clone)]
pub enum Run<'a> {
    /// Plain words, with what stands between them.
    Words(String),
    /// The words of a term, as they are written here.
    Term(String, &'a Term),
}

impl Glossary {
    /// All published terms that have a video; where two have the same title, the newer one.
    pub async fn load(conn: &mut impl Conn) -> sqlx::Result<Self> {
        let filter = CardFilter { kind: Some(ClipKind::GlossaryTerm), ..CardFilter::default() };
        let cards = newest_cards(conn, &filter, None, MOST_TERMS).await?;
        let versions: Vec<_> = cards.iter().map(|card| card.version_id).collect();
        let videos = saver_videos(conn, &versions).await?;
        let video_of = |card: &Card| {
            let video = videos.iter().find(|(version, _)| *version == card.version_id);
            video.map(|(_, rendition)| rendition.url())
        };
        let terms = cards.iter().filter_map(|card| Some(Term::of(card, video_of(card)?)));
        Ok(Self::of(terms.collect()))
    }

    /// Longer terms are looked for first: "بدل فاقد" before "بدل".
    fn of(mut terms: Vec<Term>) -> Self {
        terms.retain(|term| !term.words.is_empty());
        terms.sort_by_key(|term| std::cmp::Reverse(term.words.len()));
        Self { terms }
    }

    /// Cuts a text at its terms; a text without any is one run. The term of the clip `own` is left alone on its own page.
    pub fn mark(&self, text: &str, own: &str) -> Vec<Run<'_>> {
        let folded = fold(text);
        let words: Vec<Word<'_>> = Folded::words(&folded).collect();
        let letters: Vec<char> = text.chars().collect();
        let between =
            |from: usize, to: usize| letters.get(from..to).unwrap_or_default().iter().collect::<String>();
        let (mut runs, mut done, mut at) = (Vec::new(), 0, 0);
        while at < words.len() {
            let Some(term) = self.terms.iter().find(|term| term.slug != own && term.begins(&words[at..]))
            else {
                at += 1;
                continue;
            };
            let last = at + term.words.len() - 1;
            let (start, end) = (words[at].start as usize, words[last].end as usize);
            if start > done {
                runs.push(Run::Words(between(done, start)));
            }
            runs.push(Run::Term(between(start, end), term));
            (done, at) = (end, last + 1);
        }
        if done < letters.len() {
            runs.push(Run::Words(between(done, letters.len())));
        }
        runs
    }
}

impl Term {
    fn of(card: &Card, video: String) -> Self {
        Self {
            words: fold(&card.title_ar).words().map(|word| word.text.to_owned()).collect(),
            slug: card.slug.clone(),
            title_ar: card.title_ar.clone(),
            title_en: card.title_en.clone(),
            sign_language: card.sign_language.clone(),
            video,
        }
    }

    fn begins(&self, words: &[Word<'_>]) -> bool {
        let pairs = self.words.iter().zip(words);
        words.len() >= self.words.len() && pairs.into_iter().all(|(term, word)| is_form_of(word.text, term))
    }
}

/// Whether a folded word is the term with or without the article and one joined particle: "وبالهوية" is "هوية".
fn is_form_of(word: &str, term: &str) -> bool {
    let is_same = |word: &str| word == term || bare(word) == bare(term);
    let joined = word.chars().next().filter(|first| JOINED.contains(first));
    is_same(word) || joined.is_some_and(|_| word.chars().count() > 3 && is_same(&word[2..]))
}

fn bare(word: &str) -> &str {
    let without = |article: &&str| word.strip_prefix(*article).filter(|rest| rest.chars().count() >= 2);
    ARTICLES.iter().find_map(without).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(title: &str) -> Term {
        Term {
            words: fold(title).words().map(|word| word.text.to_owned()).collect(),
            slug: title.to_owned(),
            title_ar: title.to_owned(),
            title_en: String::new(),
            sign_language: "sdl".to_owned(),
            video: "/media/x.mp4".to_owned(),
        }
    }

    /// The text with its terms in brackets.
    fn marked(glossary: &Glossary, text: &str) -> String {
        let runs = glossary.mark(text, "own");
        runs.into_iter()
            .map(|run| match run {
                Run::Words(words) => words,
                Run::Term(words, _) => format!("[{words}]"),
            })
            .collect()
    }

    #[test]
    fn terms_are_found_with_article_and_joined_particles_but_not_inside_other_words() {
        let glossary =
            Glossary::of(vec![term("بدل"), term("بدل فاقد"), term("الهوية"), term("أبشر"), term("own")]);
        assert_eq!(marked(&glossary, "اطلب بدل فاقد، ثم بدلًا آخر."), "اطلب [بدل فاقد]، ثم بدلًا آخر.");
        assert_eq!(marked(&glossary, "بالهويّة وللهوية وهوية"), "[بالهويّة] [وللهوية] [وهوية]");
        assert_eq!(marked(&glossary, "ابشر هويتي own"), "[ابشر] هويتي own");
        assert_eq!(marked(&glossary, ""), "");
        assert_eq!(marked(&Glossary::default(), "الهوية"), "الهوية");
    }
}
