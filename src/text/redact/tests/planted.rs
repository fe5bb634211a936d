//! Texts with one identifying part whose place is known.

use super::super::SpanKind;
use super::super::numbers::luhn;
use super::dice::{Dice, disguise, in_some_script};

/// A text and the identifying part that was planted in it.
pub(super) struct Planted {
    pub(super) kind: SpanKind,
    pub(super) text: String,
    /// The part, in Unicode scalar values of the text.
    pub(super) span: (u32, u32),
}

/// Plants a part of a random kind in a sentence as citizens write it.
pub(super) fn planted(dice: &mut Dice) -> Planted {
    let kind = SpanKind::ALL[dice.below(SpanKind::ALL.len())];
    let (before, part, after) = match kind {
        SpanKind::NationalId => identity(dice, '1'),
        SpanKind::Iqama => identity(dice, '2'),
        SpanKind::Mobile => mobile(dice),
        SpanKind::Iban => iban(dice),
        SpanKind::Card => card(dice),
        SpanKind::Email => email(dice),
        SpanKind::Plate => plate(dice),
        SpanKind::Passport => passport(dice),
        SpanKind::Otp => one_time_code(dice),
        SpanKind::Password => password(dice),
        SpanKind::BirthDate => birth_date(dice),
        SpanKind::RequestNumber => request_number(dice),
    };
    let lead = format!("{}{before}", dice.pick(&OPENINGS));
    let start = lead.chars().count() as u32;
    let end = start + part.chars().count() as u32;
    Planted { kind, text: format!("{lead}{part}{after}"), span: (start, end) }
}

const OPENINGS: [&str; 10] = [
    "",
    "",
    "",
    "السلام عليكم ",
    "السلام عليكم ورحمة الله وبركاته، ",
    "لو سمحتوا ",
    "عندي مشكله في ابشر من ٣ ايام ",
    "أنا أصم وأحتاج مساعدة. ",
    "دفعت 100 ريال ",
    "🙏🙏 ",
];
const ENDINGS: [&str; 10] = [
    "",
    "",
    " وشكرا",
    "، كيف أجدد؟",
    ".",
    " ضاعت",
    "\nأرجو الرد",
    " من سنة 1445",
    " وش اسوي",
    " تكفون ساعدوني",
];

type Parts = (String, String, String);

fn parts(dice: &mut Dice, before: &[&str], part: String) -> Parts {
    (dice.pick(before).to_owned(), part, dice.pick(&ENDINGS).to_owned())
}

fn identity(dice: &mut Dice, first: char) -> Parts {
    let start = format!("{first}{}", dice.digits(8));
    let valid = (0..10).map(|check| format!("{start}{check}")).find(|digits| luhn(digits));
    let part = disguise(dice, &valid.unwrap_or(start));
    let before = [
        "",
        "هويتي ",
        "رقم هويتي ",
        "رقمي ",
        "رقم الهوية: ",
        "رقم الهوية الوطنية هو ",
        "السجل المدني ",
        "سجلي المدني:",
        "رقم الاقامه ",
        "اقامتي ",
        "انا ",
        "ID ",
        "National ID: ",
        "رقم السجل (",
        "هوية رقم",
        "الهوية=",
    ];
    let (before, part, after) = parts(dice, &before, part);
    let after = if before.ends_with('(') { format!("){after}") } else { after };
    (before, part, after)
}

fn mobile(dice: &mut Dice) -> Parts {
    let prefix =
        dice.pick(&["05", "05", "05", "+9665", "009665", "9665", "5", "+966 05", "(+966)5", "+966-5"]);
    let number = format!("{prefix}{}", dice.digits(8));
    let bare = prefix == "5";
    let part = if prefix.contains(['(', ' ', '-']) {
        in_some_script(dice, &number)
    } else {
        disguise(dice, &number)
    };
    let before = [
        "جوالي ",
        "رقمي ",
        "رقم جوالي ",
        "جوالي: ",
        "تواصلوا معي واتس ",
        "رقم الجوال المسجل ",
        "كلموني على ",
        "",
        "ارسلوا لي على ",
        "موبايل ",
        "mobile ",
        "واتساب:",
        "للتواصل ",
        "جوال ابوي ",
    ];
    parts(dice, if bare { &before[..6] } else { &before }, part)
}

/// ISO 13616 check digits of a Saudi account.
fn saudi_iban(dice: &mut Dice) -> String {
    let account = format!("{}{}", dice.pick(&["80", "10", "05", "45", "20"]), dice.digits(18));
    let moved =
        format!("{account}281000").bytes().fold(0, |sum, digit| (sum * 10 + u32::from(digit - b'0')) % 97);
    format!("{:02}{account}", 98 - moved)
}

fn iban(dice: &mut Dice) -> Parts {
    let number = saudi_iban(dice);
    let country = dice.pick(&["SA", "sa", "Sa", "SA ", "ＳＡ"]);
    let part = match dice.below(3) {
        0 => format!("{country}{number}"),
        1 => format!("{country}{}", in_some_script(dice, &number)),
        _ => {
            let whole: Vec<char> = format!("SA{number}").chars().collect();
            let groups: Vec<String> = whole.chunks(4).map(|group| group.iter().collect()).collect();
            let gap = dice.pick(&[" ", "-", " ", "\u{a0}"]);
            in_some_script(dice, &groups.join(gap))
        }
    };
    let before = [
        "",
        "الآيبان ",
        "رقم الايبان: ",
        "حسابي ",
        "حولوا على ",
        "IBAN ",
        "حسابي في البنك هو ",
        "الحساب البنكي ",
    ];
    parts(dice, &before, part)
}

fn card(dice: &mut Dice) -> Parts {
    let start = dice.pick(&["4", "51", "55", "53", "5888", "4847", "2223", "6"]);
    let start = format!("{start}{}", dice.digits(15 - start.len()));
    let number = (0..10).map(|check| format!("{start}{check}")).find(|digits| luhn(digits)).unwrap_or(start);
    let part = match dice.below(3) {
        0 => in_some_script(dice, &number),
        1 => {
            let chars: Vec<char> = number.chars().collect();
            let groups: Vec<String> = chars.chunks(4).map(|group| group.iter().collect()).collect();
            let gap = dice.pick(&[" ", "-"]);
            in_some_script(dice, &groups.join(gap))
        }
        _ => disguise(dice, &number),
    };
    let before =
        ["", "بطاقتي البنكية ", "رقم بطاقة مدى ", "فيزا ", "بطاقة الصراف رقمها ", "دفعت بالبطاقة ", "card "];
    parts(dice, &before, part)
}

fn email(dice: &mut Dice) -> Parts {
    let name = dice.pick(&["ahmed", "sara.ali", "m_otaibi99", "deaf-user", "a.b+c", "خالد", "NOURA", "x1"]);
    let host =
        dice.pick(&["gmail.com", "hotmail.com", "moi.gov.sa", "example.org", "yahoo.co.uk", "icloud.com"]);
    let sign = dice.pick(&["@", "@", "@", " @ ", "(at)", "＠", " at "]);
    let host = if sign == " at " { host.replace('.', " dot ") } else { host.to_owned() };
    let part = format!("{name}{sign}{host}");
    parts(dice, &["ايميلي ", "البريد: ", "راسلوني على ", "", "بريدي الالكتروني هو ", "email: "], part)
}

fn plate(dice: &mut Dice) -> Parts {
    let letters: Vec<&str> = (0..3)
        .map(|_| {
            dice.pick(&["أ", "ب", "ح", "د", "ر", "س", "ص", "ط", "ع", "ق", "ك", "ل", "م", "ن", "هـ", "و", "ى"])
        })
        .collect();
    let count = dice.between(3, 4);
    let digits = dice.digits(count);
    let digits = in_some_script(dice, &digits);
    let part = match dice.below(4) {
        0 => format!("{} {digits}", letters.join(" ")),
        1 => format!("{digits} {}", letters.join(" ")),
        2 => format!("{}-{digits}", letters.join("-")),
        _ => format!("{} {digits}", dice.pick(&["ABD", "HSR", "KLN", "RUA", "xvj"])),
    };
    parts(dice, &["لوحة سيارتي ", "رقم اللوحة ", "لوحتي ", "السيارة لوحتها ", "لوحة المركبة: "], part)
}

fn passport(dice: &mut Dice) -> Parts {
    let (letters, count) =
        [("A", 8), ("B", 8), ("AB", 7), ("P", 7), ("K", 8), ("", 9), ("V", 6)][dice.below(7)];
    let digits = dice.digits(count);
    let part = format!("{letters}{}", in_some_script(dice, &digits));
    parts(
        dice,
        &["جواز سفري ", "رقم الجواز ", "رقم جواز السفر: ", "جوازي ", "passport ", "الجواز رقمه "],
        part,
    )
}

fn one_time_code(dice: &mut Dice) -> Parts {
    let count = [4, 4, 4, 5, 6, 6, 6, 8][dice.below(8)];
    let code = dice.digits(count);
    let part = match dice.below(5) {
        0 => code.chars().map(String::from).collect::<Vec<_>>().join(dice.pick(&[" ", "-"])),
        1 if count == 6 => format!("{}{}{}", &code[..3], dice.pick(&[" ", "-"]), &code[3..]),
        _ => code,
    };
    let part = in_some_script(dice, &part);
    if dice.below(5) == 0 {
        let before = dice.pick(&["وصلني ", "جاني رسالة فيها ", "ارسلوا لي ", ""]).to_owned();
        let after = dice.pick(&[
            " هذا الرمز",
            " رمز التحقق",
            " كود ابشر",
            " هذا كود ارسله؟",
            " هو الرمز حقي",
            " is my code",
        ]);
        return (before, part, after.to_owned());
    }
    let before = [
        "رمز التحقق ",
        "رمز التحقق هو ",
        "الكود ",
        "الكود حقي ",
        "جاني كود ",
        "وصلني رمز من ابشر ",
        "OTP: ",
        "OTP ",
        "الرقم السري ",
        "رمز الدخول: ",
        "كود التفعيل ",
        "رقم التحقق ",
        "رمز أبشر=",
        "باسكود ",
        "رمز نفاذ ",
        "الرمز المؤقت ",
        "verification code ",
        "your code is ",
        "رمز التاكيد ",
        "الرمز اللي جاني ",
        "رمز سري ",
        "كود التحقق: ",
    ];
    parts(dice, &before, part)
}

fn password(dice: &mut Dice) -> Parts {
    let part = match dice.below(6) {
        0 => format!("{}{}@{}", dice.pick(&["Abc", "Sara", "Ksa"]), dice.digits(2), dice.digits(2)),
        1 => format!("{}{}", dice.pick(&["ahmad", "fahad", "pass"]), dice.digits(4)),
        2 => dice.digits(8),
        3 => format!("{}#{}", dice.pick(&["Qwer", "Deaf"]), dice.digits(3)),
        4 => format!("{}!{}", dice.digits(4), dice.pick(&["aB", "zz"])),
        _ => format!("{}_{}", dice.pick(&["noura", "Ali"]), dice.digits(3)),
    };
    let before = [
        "كلمة المرور ",
        "كلمة المرور: ",
        "الباسورد ",
        "باسوردي هو ",
        "كلمة السر ",
        "كلمة مروري ",
        "password: ",
        "password ",
        "كلمة المرور حقتي ",
        "الباسوورد حقي: ",
    ];
    parts(dice, &before, part)
}

fn birth_date(dice: &mut Dice) -> Parts {
    let (day, month) = (dice.between(1, 28), dice.between(1, 12));
    let year = if dice.below(2) == 0 { dice.between(1380, 1445) } else { dice.between(1950, 2024) };
    let months = ["يناير", "فبراير", "مارس", "ابريل", "محرم", "صفر", "رجب", "شعبان", "رمضان", "شوال"];
    let part = match dice.below(6) {
        0 => format!("{day}/{month}/{year}"),
        1 => format!("{year}-{month:02}-{day:02}"),
        2 => format!("{day}-{month}-{year}"),
        3 => format!("{year}/{month}/{day}"),
        4 => format!("{day} {} {year}", dice.pick(&months)),
        _ => format!("{day:02}.{month:02}.{year}"),
    };
    let part = in_some_script(dice, &part);
    parts(
        dice,
        &[
            "تاريخ ميلادي ",
            "تاريخ الميلاد: ",
            "من مواليد ",
            "مواليد ",
            "ولدت في ",
            "انا مولود بتاريخ ",
            "DOB ",
            "ولدت يوم ",
        ],
        part,
    )
}

fn request_number(dice: &mut Dice) -> Parts {
    let count = dice.between(4, 12);
    let digits = format!("{}{}", dice.between(3, 9), dice.digits(count - 1));
    let part = in_some_script(dice, &digits);
    let before = [
        "طلبي رقم ",
        "رقم الطلب ",
        "رقم المعاملة ",
        "معاملتي رقم ",
        "رقم طلبي هو ",
        "رقم البلاغ: ",
        "رقم التذكرة ",
        "الطلب رقم ",
        "معاملة برقم ",
        "رقم الصادر ",
        "request number ",
        "رقم معاملتي ",
        "رقم الطلب: ",
        "طلب تجديد رقم ",
        "رقم الشكوى ",
        "رقم القيد ",
    ];
    parts(dice, &before, part)
}
