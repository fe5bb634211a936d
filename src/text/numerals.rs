//! Numbers as an Arabic sentence writes them.

/// Writes a digit as the Arabic-Indic one; every other character stays.
pub fn arabic_digit(character: char) -> char {
    match character.to_digit(10) {
        // The ten Arabic-Indic digits follow each other from U+0660.
        Some(value) => char::from_u32(0x0660 + value).unwrap_or(character),
        None => character,
    }
}

/// Writes the numbers of a sentence in Arabic-Indic digits, with the Arabic decimal separator between them.
pub fn arabic_numbers(sentence: &str) -> String {
    let characters: Vec<char> = sentence.chars().collect();
    let is_digit = |at: Option<usize>| at.and_then(|at| characters.get(at)).is_some_and(char::is_ascii_digit);
    let written = characters.iter().enumerate().map(|(at, &character)| match character {
        '.' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => '٫',
        other => arabic_digit(other),
    });
    written.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_between_digits_is_a_decimal_separator_and_one_at_the_end_stays() {
        assert_eq!(arabic_numbers("الحد 20، والأفضل 15.5."), "الحد ٢٠، والأفضل ١٥٫٥.");
    }
}
