//! Each token takes from every token what it asks for.

use crate::functions::softmax;

/// What the three matrices made of the tokens, a row a token.
pub(crate) struct Asked<'a> {
    /// Already divided by the root of a head's width.
    pub(crate) query: &'a [f32],
    pub(crate) key: &'a [f32],
    pub(crate) value: &'a [f32],
}

/// Writes what each token takes, a row a token. Sums run along rows, so that many are worked on at once.
#[inline(always)]
pub(crate) fn attend(asked: &Asked, width: usize, heads: usize, room: &mut Vec<f32>, into: &mut Vec<f32>) {
    let count = asked.query.len() / width;
    let size = width / heads;
    into.clear();
    into.resize(count * width, 0.0);
    room.clear();
    room.resize(size * count + count, 0.0);
    let (keys, scores) = room.split_at_mut(size * count);
    for head in (0..width).step_by(size) {
        // The keys of one head lie one place after the other: a row of all tokens for each.
        for (token, key) in asked.key.chunks_exact(width).enumerate() {
            for (place, number) in key[head..head + size].iter().enumerate() {
                keys[place * count + token] = *number;
            }
        }
        for (query, into) in asked.query.chunks_exact(width).zip(into.chunks_exact_mut(width)) {
            scores.fill(0.0);
            for (number, keys) in query[head..head + size].iter().zip(keys.chunks_exact(count)) {
                add_scaled(scores, keys, *number);
            }
            softmax(scores);
            for (share, value) in scores.iter().zip(asked.value.chunks_exact(width)) {
                add_scaled(&mut into[head..head + size], &value[head..head + size], *share);
            }
        }
    }
}

#[inline(always)]
fn add_scaled(to: &mut [f32], more: &[f32], scale: f32) {
    to.iter_mut().zip(more).for_each(|(number, more)| *number += more * scale);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_takes_what_answers_it_in_each_head() {
        // Two tokens, two heads of two numbers. In the first head each asks for the other, in the second for itself.
        let query = [0.0, 50.0, 50.0, 0.0, 50.0, 0.0, 0.0, 50.0];
        let key = [1.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let value = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
        let mut taken = Vec::new();
        attend(&Asked { query: &query, key: &key, value: &value }, 4, 2, &mut Vec::new(), &mut taken);
        let wanted = [5.0, 6.0, 3.0, 4.0, 1.0, 2.0, 7.0, 8.0];
        assert!(taken.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-4), "{taken:?}");
    }

    #[test]
    fn equal_answers_are_shared_equally() {
        let mut taken = Vec::new();
        let asked = Asked { query: &[1.0, 2.0, 3.0], key: &[0.0; 3], value: &[3.0, 6.0, 0.0] };
        attend(&asked, 1, 1, &mut Vec::new(), &mut taken);
        assert!(taken.iter().all(|number| (number - 3.0).abs() < 1e-5), "{taken:?}");
    }
}
