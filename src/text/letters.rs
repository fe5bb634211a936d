//! What each character becomes when text is folded: marks dropped, letter variants united, digits made ASCII.

/// The zero of every decimal digit script that people may type or paste (Unicode category Nd, BMP and Adlam).
/// Full-width and mathematical digits are covered by compatibility decomposition.
const DIGIT_ZEROS: [char; 39] = [
    '\u{660}',
    '\u{6f0}',
    '\u{7c0}',
    '\u{966}',
    '\u{9e6}',
    '\u{a66}',
    '\u{ae6}',
    '\u{b66}',
    '\u{be6}',
    '\u{c66}',
    '\u{ce6}',
    '\u{d66}',
    '\u{de6}',
    '\u{e50}',
    '\u{ed0}',
    '\u{f20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17e0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19d0}',
    '\u{1a80}',
    '\u{1a90}',
    '\u{1b50}',
    '\u{1bb0}',
    '\u{1c40}',
    '\u{1c50}',
    '\u{a620}',
    '\u{a8d0}',
    '\u{a900}',
    '\u{a9d0}',
    '\u{a9f0}',
    '\u{aa50}',
    '\u{abf0}',
    '\u{ff10}',
    '\u{104a0}',
    '\u{11066}',
    '\u{1e950}',
];

/// Returns the ASCII digit of a decimal digit in any script.
pub fn ascii_digit(c: char) -> Option<char> {
    if c.is_ascii() {
        return c.is_ascii_digit().then_some(c);
    }
    let value =
        DIGIT_ZEROS.iter().map(|zero| (c as u32).wrapping_sub(*zero as u32)).find(|value| *value < 10)?;
    char::from_digit(value, 10)
}

/// Tells whether a folded character is an Arabic letter.
pub fn is_arabic_letter(c: char) -> bool {
    match c {
        // Nearly every letter is one of these; asking for the category of a character is slow.
        '\u{621}'..='\u{64a}' => true,
        '\u{66e}'..='\u{6d5}' | '\u{6ee}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => c.is_alphabetic(),
        _ => false,
    }
}

/// Tells whether a character takes no space of its own: zero-width, bidirectional control, soft hyphen, variation
/// selector, tatweel.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{640}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Tells whether a character is a vowel sign or another mark that folding drops.
fn is_dropped_mark(c: char) -> bool {
    matches!(
        c,
        '\u{300}'..='\u{36f}' | '\u{20d0}'..='\u{20f0}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{674}'
            | '\u{6d6}'..='\u{6dc}' | '\u{6df}'..='\u{6e8}' | '\u{6ea}'..='\u{6ed}' | '\u{8ca}'..='\u{8ff}'
    )
}

const TATWEEL: char = '\u{640}';

/// What the letters from U+0620 to U+064A become.
const LETTERS: [char; 43] = {
    let mut table = ['\0'; 43];
    let mut at = 0;
    while at < table.len() {
        let Some(letter) = char::from_u32(0x620 + at as u32) else { panic!("the Arabic block has no gaps") };
        table[at] = match letter {
            'أ' | 'إ' | 'آ' => 'ا',
            'ؤ' => 'و',
            'ى' | 'ئ' => 'ي',
            'ة' => 'ه',
            other => other,
        };
        at += 1;
    }
    table
};

/// Tells whether a folded character is a letter or digit; quick for the scripts that nearly all texts are in.
pub(super) fn is_word_character(c: char) -> bool {
    match c {
        '\0'..='\u{7f}' => c.is_ascii_alphanumeric(),
        '\u{620}'..='\u{63f}' | '\u{641}'..='\u{64a}' => true,
        _ => c.is_alphanumeric(),
    }
}

/// Folds one character and hands on what is left of it: nothing, one character, or a few (ligatures).
pub(super) fn fold_char(c: char, mut push: impl FnMut(char)) {
    if c.is_ascii() {
        return push(fold_ascii(c));
    }
    if ('\u{620}'..='\u{64a}').contains(&c) {
        // Most of every text. The table spares the long match below.
        let folded = LETTERS[c as usize - 0x620];
        return if folded != TATWEEL {
            push(folded)
        };
    }
    if ('\u{600}'..='\u{6ff}').contains(&c) {
        return fold_arabic(c, push);
    }
    if is_invisible(c) {
        return;
    }
    // "ﷺ" and "ﷻ" are spelled out to eighteen letters otherwise, and say nothing about the subject.
    if matches!(c, '\u{fdfa}' | '\u{fdfb}') {
        return push(' ');
    }
    if let Some(digit) = ascii_digit(c) {
        return push(digit);
    }
    if c.is_whitespace() {
        return push(if matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}') { '\n' } else { ' ' });
    }
    unicode_normalization::char::decompose_compatible(c, |part| fold_part(part, &mut push));
}

fn fold_ascii(c: char) -> char {
    match c {
        '\n' => '\n',
        c if c.is_ascii_whitespace() => ' ',
        c => c.to_ascii_lowercase(),
    }
}

/// Folds one character of a compatibility decomposition (it decomposes no further).
fn fold_part(part: char, push: &mut impl FnMut(char)) {
    if part.is_ascii() {
        return push(fold_ascii(part));
    }
    if ('\u{600}'..='\u{6ff}').contains(&part) {
        return fold_arabic(part, push);
    }
    if is_dropped_mark(part) || is_invisible(part) {
        return;
    }
    if let Some(digit) = ascii_digit(part) {
        return push(digit);
    }
    for lower in part.to_lowercase().filter(|lower| !is_dropped_mark(*lower)) {
        push(lower);
    }
}

/// Unites the spellings that Arabic writers mix (matching.md section 6.1, deaf-users.md section 6).
fn fold_arabic(c: char, mut push: impl FnMut(char)) {
    let folded = match c {
        'أ' | 'إ' | 'آ' | 'ٱ' | '\u{672}' | '\u{673}' | '\u{675}' => 'ا',
        'ؤ' | '\u{676}' | '\u{677}' | '\u{6c4}'..='\u{6cb}' | '\u{6cf}' => 'و',
        'ى' | 'ئ' | 'ی' | '\u{678}' | '\u{6cd}' | '\u{6ce}' | '\u{6d0}'..='\u{6d3}' => 'ي',
        'ة' | 'ہ' | 'ھ' | 'ۀ' | 'ۂ' | 'ۃ' | 'ە' | 'ۿ' => 'ه',
        'ک' | 'گ' | '\u{6aa}'..='\u{6b4}' => 'ك',
        'پ' | 'ٻ' | 'ڀ' => 'ب',
        'ٹ' | 'ٺ' | 'ټ' | 'ٽ' | 'ٿ' => 'ت',
        'چ' | 'ڃ' | 'ڄ' | 'ڇ' => 'ج',
        'ځ' | 'څ' | 'ڂ' => 'ح',
        '\u{688}'..='\u{690}' => 'د',
        'ژ' => 'ز',
        '\u{691}'..='\u{697}' | '\u{699}' => 'ر',
        'ښ' | 'ڛ' | 'ڜ' => 'س',
        'ڤ' | 'ڡ' | 'ڢ' | 'ڣ' | 'ڥ' | 'ڦ' => 'ف',
        'ڧ' | 'ڨ' => 'ق',
        '\u{6b5}'..='\u{6b8}' => 'ل',
        '\u{6b9}'..='\u{6bd}' => 'ن',
        '\u{660}'..='\u{669}' | '\u{6f0}'..='\u{6f9}' => return ascii_digit(c).into_iter().for_each(push),
        '٪' => '%',
        '٫' => '.',
        '٬' => ',',
        '\u{600}'..='\u{605}' | '\u{6dd}' => return,
        c if is_dropped_mark(c) || is_invisible(c) => return,
        c => c,
    };
    push(folded);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_every_script_become_ascii() {
        let samples =
            ["٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९", "০১২৩৪৫৬৭৮৯", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗"];
        for sample in samples {
            let mut out = String::new();
            sample.chars().for_each(|c| fold_char(c, |folded| out.push(folded)));
            assert_eq!(out, "0123456789", "{sample}");
        }
    }

    #[test]
    fn presentation_forms_and_ligatures_become_plain_letters() {
        let mut out = String::new();
        "ﻻﺔﷲ".chars().for_each(|c| fold_char(c, |folded| out.push(folded)));
        assert_eq!(out, "لاهالله");
    }
}
