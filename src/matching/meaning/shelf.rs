//! The vectors of all answers in memory, and how near each answer is to a question.
//!
//! One vector an answer is compared with every question: the mean of its parts. The parts themselves are only looked at
//! for the few answers that stand out, so that a hundred thousand answers cost one pass over 40 MB.

use super::packed::{Packed, product};
use std::collections::{HashMap, HashSet};

/// What of an answer a vector stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Part {
    Title,
    Question,
    Caption,
    /// Title, question and captions as one text.
    All,
    /// One other wording of the question.
    Alias,
}

/// The vectors of one answer, centred (see [`super::centre`]) and of length 1.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Vectors {
    pub(super) mean: Packed,
    pub(super) parts: Vec<(Part, Packed)>,
}

/// How near an answer is to a question; cosines of centred vectors.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Likeness {
    /// How many standard deviations above the library's mean.
    pub standard: f32,
    /// The mean over title, question, captions and all of them together.
    pub mean: f32,
    /// The nearest of these.
    pub nearest: f32,
    /// The nearest wording of the question, the canonical one among them.
    pub wording: f32,
    /// The mean of all wordings.
    pub wordings: f32,
}

/// The answers' vectors.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    places: HashMap<String, usize>,
    ids: Vec<String>,
    /// Row by row, all of one length.
    means: Vec<i8>,
    scales: Vec<f32>,
    parts: Vec<Vec<(Part, Packed)>>,
}

/// The scores of one question over the whole library.
pub(super) struct Scan {
    mean: f32,
    deviation: f32,
    /// Best first.
    pub(super) best: Vec<String>,
    /// The scores of these.
    scores: Vec<f32>,
}

impl Scan {
    /// How many standard deviations each of the best stands above the mean.
    pub(super) fn standards(&self) -> impl Iterator<Item = f32> {
        let deviation = self.deviation.max(f32::EPSILON);
        self.scores.iter().map(move |score| (score - self.mean) / deviation)
    }

    /// The likeness of an answer of which nothing is known.
    pub(super) fn average(&self) -> Likeness {
        Likeness {
            standard: 0.0,
            mean: self.mean,
            nearest: self.mean,
            wording: self.mean,
            wordings: self.mean,
        }
    }
}

impl Shelf {
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Puts an answer on the shelf, in place of what was known of it.
    pub(super) fn place(&mut self, id: &str, vectors: Vectors) {
        self.remove(id);
        self.places.insert(id.to_owned(), self.ids.len());
        self.ids.push(id.to_owned());
        self.means.extend_from_slice(&vectors.mean.bytes);
        self.scales.push(vectors.mean.scale);
        self.parts.push(vectors.parts);
    }

    /// Takes an answer off; the last one moves to its place.
    pub(super) fn remove(&mut self, id: &str) {
        let Some(place) = self.places.remove(id) else { return };
        let width = self.means.len() / self.ids.len();
        let last = self.ids.len() - 1;
        self.means.copy_within(last * width.., place * width);
        self.means.truncate(last * width);
        self.ids.swap_remove(place);
        self.scales.swap_remove(place);
        self.parts.swap_remove(place);
        if let Some(moved) = self.ids.get(place) {
            self.places.insert(moved.clone(), place);
        }
    }

    /// Takes off what is not in the list.
    pub(super) fn retain(&mut self, ids: &HashSet<String>) {
        let gone: Vec<String> = self.ids.iter().filter(|id| !ids.contains(*id)).cloned().collect();
        gone.iter().for_each(|id| self.remove(id));
    }

    /// Keeps some of the parts of an answer, by their place.
    pub(super) fn retain_parts(&mut self, id: &str, keeps: impl Fn(usize) -> bool) {
        if let Some(place) = self.places.get(id) {
            let mut at = 0..;
            self.parts[*place].retain(|_| at.next().is_some_and(&keeps));
        }
    }

    /// Compares a question with every answer.
    pub(super) fn scan(&self, asked: &Packed, depth: usize) -> Scan {
        let scores: Vec<f32> = (0..self.ids.len()).map(|place| self.mean_at(place, asked)).collect();
        let count = scores.len().max(1) as f64;
        let mean = scores.iter().map(|score| f64::from(*score)).sum::<f64>() / count;
        let squares = scores.iter().map(|score| (f64::from(*score) - mean).powi(2)).sum::<f64>() / count;
        let mut order: Vec<usize> = (0..scores.len()).collect();
        let by_score = |a: &usize, b: &usize| {
            scores[*b].total_cmp(&scores[*a]).then_with(|| self.ids[*a].cmp(&self.ids[*b]))
        };
        if order.len() > depth {
            order.select_nth_unstable_by(depth, by_score);
            order.truncate(depth);
        }
        order.sort_by(by_score);
        Scan {
            mean: mean as f32,
            deviation: squares.sqrt() as f32,
            best: order.iter().map(|place| self.ids[*place].clone()).collect(),
            scores: order.into_iter().map(|place| scores[place]).collect(),
        }
    }

    fn mean_at(&self, place: usize, asked: &Packed) -> f32 {
        let width = asked.bytes.len();
        let row = &self.means[place * width..(place + 1) * width];
        product(row, &asked.bytes) as f32 * self.scales[place] * asked.scale
    }

    /// Looks closer at one answer; none for an answer without vectors.
    pub(super) fn likeness(&self, id: &str, asked: &Packed, scan: &Scan) -> Option<Likeness> {
        let place = *self.places.get(id)?;
        let mean = self.mean_at(place, asked);
        let standard = if scan.deviation > f32::EPSILON { (mean - scan.mean) / scan.deviation } else { 0.0 };
        let (mut nearest, mut wording, mut sum, mut count) = (f32::MIN, f32::MIN, 0.0, 0.0f32);
        for (part, vector) in &self.parts[place] {
            let cosine = vector.times(asked);
            if *part != Part::Alias {
                nearest = nearest.max(cosine);
            }
            if matches!(part, Part::Alias | Part::Question) {
                wording = wording.max(cosine);
                sum += cosine;
                count += 1.0;
            }
        }
        let without = |value: f32| if value == f32::MIN { mean } else { value };
        let wordings = if count > 0.0 { sum / count } else { mean };
        Some(Likeness { standard, mean, nearest: without(nearest), wording: without(wording), wordings })
    }
}

/// The mean of the parts by their weight, before it is centred. An answer with many aliases must not be drawn away from
/// its own text, so all of them together weigh as much as a canonical question, and only where there is none.
pub(super) fn mean(vectors: &[(Part, Vec<f32>)]) -> Vec<f32> {
    let has_question = vectors.iter().any(|(part, _)| *part == Part::Question);
    let aliases = vectors.iter().filter(|(part, _)| *part == Part::Alias).count();
    let weight = |part: Part| match part {
        Part::Title | Part::Caption => 1.0,
        Part::Question => 2.0,
        Part::All => 3.0,
        Part::Alias if has_question => 0.0,
        Part::Alias => 2.0 / aliases as f32,
    };
    let mut sum = vec![0.0f32; vectors.first().map_or(0, |(_, vector)| vector.len())];
    let mut total = 0.0f32;
    for (part, vector) in vectors {
        total += weight(*part);
        sum.iter_mut().zip(vector).for_each(|(sum, value)| *sum += value * weight(*part));
    }
    sum.into_iter().map(|sum| sum / total.max(f32::MIN_POSITIVE)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(at: usize) -> Packed {
        let vector: Vec<f32> = (0..16).map(|place| if place == at { 1.0 } else { 0.0 }).collect();
        Packed::of(&vector)
    }

    fn shelf() -> Shelf {
        let mut shelf = Shelf::default();
        for (at, id) in ["a", "b", "c", "d"].into_iter().enumerate() {
            let parts = vec![(Part::Title, axis(at)), (Part::Alias, axis(at + 8))];
            shelf.place(id, Vectors { mean: axis(at), parts });
        }
        shelf
    }

    #[test]
    fn the_nearest_answer_comes_first_and_a_wording_is_seen() {
        let shelf = shelf();
        let scan = shelf.scan(&axis(2), 2);
        assert_eq!(scan.best, ["c", "a"]);
        let likeness = shelf.likeness("c", &axis(2), &scan).unwrap();
        assert!(likeness.mean > 0.99 && likeness.standard > 1.5 && likeness.wording < 0.01);
        assert!(shelf.likeness("c", &axis(10), &scan).unwrap().wording > 0.99);
        assert!(shelf.likeness("nobody", &axis(2), &scan).is_none());
    }

    #[test]
    fn answers_are_replaced_and_taken_off_without_touching_others() {
        let mut shelf = shelf();
        shelf.remove("a");
        shelf.remove("a");
        shelf.place("b", Vectors { mean: axis(5), parts: Vec::new() });
        assert_eq!(shelf.len(), 3);
        assert_eq!(shelf.scan(&axis(5), 1).best, ["b"]);
        assert_eq!(shelf.scan(&axis(3), 1).best, ["d"]);
        shelf.retain(&HashSet::from(["d".to_owned()]));
        assert_eq!((shelf.len(), shelf.scan(&axis(3), 9).best), (1, vec!["d".to_owned()]));
    }

    #[test]
    fn many_aliases_do_not_draw_an_answer_away_from_its_own_text() {
        let plain = vec![(Part::Title, vec![1.0, 0.0]), (Part::Question, vec![1.0, 0.0])];
        let mut taught = plain.clone();
        taught.extend((0..9).map(|_| (Part::Alias, vec![0.0, 1.0])));
        assert_eq!(mean(&plain), mean(&taught));
        let mean = mean(&[(Part::Title, vec![1.0, 0.0]), (Part::Alias, vec![0.0, 1.0])]);
        assert!(mean[1] > mean[0]);
    }
}
