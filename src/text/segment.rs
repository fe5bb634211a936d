//! Splitting words that were written together ("بدلفاقد", "شهادةميلاد").

/// Splits a folded word into two known words when it is not known itself: each part has at least three letters and
/// `is_known` must know both. Of several splits the one with the longest shorter part wins. `None` when unsure.
pub fn split_joined(word: &str, is_known: impl Fn(&str) -> bool) -> Option<(&str, &str)> {
    let length = word.chars().count();
    if !(6..=30).contains(&length) || is_known(word) {
        return None;
    }
    let splits = word.char_indices().enumerate().skip(3).take(length - 5);
    splits
        .map(|(left_length, (at, _))| (left_length.min(length - left_length), word.split_at(at)))
        .filter(|(_, (left, right))| is_known(left) && is_known(right))
        .max_by_key(|(shorter, _)| *shorter)
        .map(|(_, parts)| parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_unknown_words_made_of_two_known_ones_are_split() {
        let known = |word: &str| ["بدل", "فاقد", "شهاده", "ميلاد", "العايله", "كرت", "مواعيد"].contains(&word);
        assert_eq!(split_joined("بدلفاقد", known), Some(("بدل", "فاقد")));
        assert_eq!(split_joined("شهادهميلاد", known), Some(("شهاده", "ميلاد")));
        assert_eq!(split_joined("كرتالعايله", known), Some(("كرت", "العايله")));
        assert_eq!(split_joined("مواعيد", known), None);
        assert_eq!(split_joined("بدلشي", known), None);
    }
}
