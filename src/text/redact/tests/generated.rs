//! Thousands of made-up positives and hard negatives; the bars are those of reliability.md P1.

use super::super::numbers::luhn;
use super::super::*;

/// A small deterministic generator, so that a failure can be repeated.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % limit
    }

    fn pick<'a>(&mut self, options: &[&'a str]) -> &'a str {
        options[self.below(options.len())]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count).map(|_| char::from(b'0' + self.below(10) as u8)).collect()
    }
}

fn identity(dice: &mut Dice) -> String {
    let start = format!("{}{}", dice.pick(&["1", "2"]), dice.digits(8));
    (0..10).map(|check| format!("{start}{check}")).find(|digits| luhn(digits)).unwrap()
}

fn mobile(dice: &mut Dice) -> String {
    let prefix = dice.pick(&["05", "+9665", "009665", "9665"]);
    format!("{prefix}{}", dice.digits(8))
}

fn iban(dice: &mut Dice) -> String {
    let account = format!("80{}", dice.digits(18));
    let moved: u32 =
        format!("{account}281000").bytes().fold(0, |sum, digit| (sum * 10 + u32::from(digit - b'0')) % 97);
    format!("SA{:02}{account}", 98 - moved)
}

/// Writes digits in another script and puts things between them, as people and keyboards do.
fn disguise(dice: &mut Dice, number: &str) -> String {
    let zero = [0x30u32, 0x660, 0x6f0, 0xff10][dice.below(4)];
    let style = dice.below(8);
    let mut out = String::new();
    for (index, c) in number.chars().enumerate() {
        let gap = match style {
            0 | 1 => "",
            2 => {
                if index % 3 == 0 {
                    " "
                } else {
                    ""
                }
            }
            3 => {
                if index % 4 == 0 {
                    "-"
                } else {
                    ""
                }
            }
            4 => dice.pick(&["", "\u{200b}", "\u{200f}", "\u{202a}", "\u{200d}"]),
            5 => dice.pick(&["", "ـ", "."]),
            6 => " ",
            _ => dice.pick(&["", "", " ", "-", "\u{2066}"]),
        };
        if index > 0 && (c.is_ascii_digit() || style > 3) {
            out.push_str(gap);
        }
        let mixed = if style == 7 && dice.below(2) == 0 { 0x30 } else { zero };
        out.push(c.to_digit(10).map_or(c, |digit| char::from_u32(mixed + digit).unwrap()));
    }
    out
}

const BEFORE: [&str; 8] =
    ["", "السلام عليكم، ", "هويتي ", "رقمي هو ", "ارجو المساعدة ", "عندي مشكله في ابشر ", "انا ", "جوالي: "];
const AFTER: [&str; 6] = ["", " وشكرا", "، كيف أجدد؟", ".", " ضاعت", "\nأرجو الرد"];

/// How many of 2,000 made-up texts leave a digit run of the number unmasked.
fn missed(seed: u64, make: fn(&mut Dice) -> String) -> (usize, Vec<String>) {
    let mut dice = Dice(seed);
    let mut examples = Vec::new();
    for _ in 0..2000 {
        let plain = make(&mut dice);
        let text = format!("{}{}{}", dice.pick(&BEFORE), disguise(&mut dice, &plain), dice.pick(&AFTER));
        let left = redact(&text).text.chars().filter(|c| crate::text::ascii_digit(*c).is_some()).count();
        if left > 0 {
            examples.push(text);
        }
    }
    (examples.len(), examples)
}

#[test]
fn identifiers_in_every_disguise_are_masked() {
    for (name, make) in
        [("identity", identity as fn(&mut Dice) -> String), ("mobile", mobile), ("iban", iban)]
    {
        let (count, examples) = missed(7, make);
        assert!(
            count <= 10,
            "{name}: {count} of 2000 missed, such as {:?}",
            &examples[..examples.len().min(8)]
        );
    }
}

#[test]
fn one_time_codes_are_masked() {
    let before = [
        "رمز التحقق ",
        "الكود هو ",
        "جاني كود ",
        "وصلني رمز من ابشر ",
        "OTP: ",
        "الرقم السري ",
        "رمز الدخول المؤقت: ",
        "رمز التحقق الخاص بك هو ",
        "your code is ",
        "كود التفعيل ",
        "رقم التحقق ",
        "الرمز اللي وصلني على جوالي قبل شوي هو ",
        "باسكود ",
        "رمز أبشر=",
    ];
    let after = [" لا تشاركه", " أرسله لهم؟", "", " وش اسوي", ".", " من ابشر"];
    let behind = [" هذا الرمز", " رمز التحقق", " كود ابشر وصلني", " هذا كود أرسله؟"];
    let mut dice = Dice(11);
    let mut examples = Vec::new();
    for round in 0..2000 {
        let length = 4 + dice.below(3);
        let plain = dice.digits(length);
        let code = disguise(&mut dice, &plain);
        let text = if round % 5 == 0 {
            format!("وصلني {code}{}", dice.pick(&behind))
        } else {
            format!("{}{code}{}", dice.pick(&before), dice.pick(&after))
        };
        let left = cut_secrets(&text).chars().filter(|c| crate::text::ascii_digit(*c).is_some()).count();
        if left > 0 {
            examples.push(text);
        }
    }
    assert!(
        examples.len() <= 60,
        "{} of 2000 kept, such as {:?}",
        examples.len(),
        &examples[..examples.len().min(8)]
    );
}

/// A harmless sentence with numbers in it.
fn harmless(dice: &mut Dice) -> String {
    let year = 1400 + dice.below(50);
    let hour = 6 + dice.below(6);
    let amount = (1 + dice.below(90)) * 50;
    match dice.below(20) {
        0 => format!("كم رسوم بدل فاقد؟ هل هي {amount} ريال؟"),
        1 => format!("الغرامة {amount} ريالا بعد {} يوما", dice.below(90)),
        2 => format!("صدر النظام عام {year} هـ"),
        3 => format!("من {year} إلى {} تغيرت اللائحة", year + 5),
        4 => format!("الموعد يوم {}/{}/{year}", 1 + dice.below(29), 1 + dice.below(12)),
        5 => format!(
            "بتاريخ {}-{:02}-{:02} أعلنت الوزارة",
            2000 + dice.below(26),
            1 + dice.below(12),
            1 + dice.below(28)
        ),
        6 => format!("المادة {} من نظام الأحوال المدنية", 1 + dice.below(96)),
        7 => format!("المادة رقم {} الفقرة {}", 1 + dice.below(96), 1 + dice.below(9)),
        8 => format!("الدوام من {hour}:30 إلى {}:00", hour + 6),
        9 => format!("يعمل المكتب {hour}.30-{}.30 و16.00-20.00", hour + 5),
        10 => format!("اتصل على الرقم الموحد 9200{}", dice.digits(5)),
        11 => format!("عدد المستفيدين {},{},{}", 1 + dice.below(30), dice.digits(3), dice.digits(3)),
        12 => format!("السعر {}.{} ريال", amount, dice.digits(2)),
        13 => format!("رمز التحقق يصل خلال {} ثانية", 10 + dice.below(90)),
        14 => format!("الرمز البريدي {}", dice.digits(5)),
        15 => format!("مبنى {} شارع {} حي النخيل", dice.digits(4), dice.below(80)),
        16 => format!("السنوات {year} - {} - {}", year + 1, year + 2),
        17 => format!("المكتب يفتح {} أيام في الأسبوع و{} فروع", 1 + dice.below(7), dice.below(40)),
        18 => format!("عمري {} سنة وعندي {} أولاد", 18 + dice.below(60), dice.below(9)),
        _ => format!("هاتف المكتب 011{}", dice.digits(7)),
    }
}

#[test]
fn fees_years_dates_articles_and_hours_stay_readable() {
    let mut dice = Dice(13);
    let mut examples = Vec::new();
    for _ in 0..5000 {
        let text = harmless(&mut dice);
        let text = if dice.below(2) == 0 { text } else { disguise_digits(&text) };
        if !redact(&text).spans.is_empty() {
            examples.push(text);
        }
    }
    assert!(
        examples.len() <= 50,
        "{} of 5000 masked, such as {:?}",
        examples.len(),
        &examples[..examples.len().min(12)]
    );
}

fn disguise_digits(text: &str) -> String {
    text.chars().map(|c| c.to_digit(10).map_or(c, |digit| char::from_u32(0x660 + digit).unwrap())).collect()
}
