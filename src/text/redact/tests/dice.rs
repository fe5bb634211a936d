//! Seeded chance for generated tests, and the disguises that people and keyboards put on a number.

/// A small deterministic generator, so that a failure can be repeated.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    pub(super) fn pick<'a>(&mut self, options: &[&'a str]) -> &'a str {
        options[self.below(options.len())]
    }

    pub(super) fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }

    /// A number from `from` to `to`, both included.
    pub(super) fn between(&mut self, from: usize, to: usize) -> usize {
        from + self.below(to - from + 1)
    }
}

/// The zero of the scripts that a Saudi keyboard, a pasted web page or an old phone writes.
const ZEROS: [u32; 4] = [0x30, 0x660, 0x6f0, 0xff10];

/// Writes ASCII digits in another script, or mixes two.
pub(super) fn in_some_script(dice: &mut Dice, text: &str) -> String {
    let first = ZEROS[[0, 0, 1, 1, 2, 3][dice.below(6)]];
    let second = if dice.below(8) == 0 { ZEROS[dice.below(2)] } else { first };
    text.chars()
        .map(|c| {
            let zero = if dice.below(2) == 0 { first } else { second };
            c.to_digit(10).and_then(|digit| char::from_u32(zero + digit)).unwrap_or(c)
        })
        .collect()
}

/// Puts gaps between the characters of a number: none, regular groups, or invisible marks anywhere.
pub(super) fn with_gaps(dice: &mut Dice, number: &str) -> String {
    let style = dice.below(11);
    let every = dice.between(2, 4);
    let mut out = String::new();
    for (index, c) in number.chars().enumerate() {
        let gap = match style {
            0..=3 => "",
            4 if index % every == 0 => " ",
            5 if index % every == 0 => "-",
            6 => dice.pick(&["", "", "\u{200b}", "\u{200f}", "\u{202a}", "\u{200d}", "\u{2066}", "\u{feff}"]),
            7 => dice.pick(&["", "ـ"]),
            8 => " ",
            10 => dice.pick(&["", "", " ", "-", "\u{2066}"]),
            9 if index % every == 0 => dice.pick(&[".", " - ", "\u{a0}", "\u{2009}", "‑", "–", "_", "/"]),
            _ => "",
        };
        if index > 0 {
            out.push_str(gap);
        }
        out.push(c);
    }
    out
}

/// Another script and gaps.
pub(super) fn disguise(dice: &mut Dice, number: &str) -> String {
    let gapped = with_gaps(dice, number);
    in_some_script(dice, &gapped)
}
