//! Sentences with numbers that identify nobody, each close to something that does.

use super::super::numbers::luhn;
use super::dice::{Dice, in_some_script};

/// A sentence that must stay as it is.
pub(super) fn harmless(dice: &mut Dice) -> String {
    let text = match dice.below(8) {
        0 => money(dice),
        1 => calendar(dice),
        2 => law(dice),
        3 => clock(dice),
        4 => public_line(dice),
        5 => place(dice),
        6 => count(dice),
        _ => near_miss(dice),
    };
    let text = in_some_script(dice, &text);
    format!(
        "{}{text}{}",
        dice.pick(&["", "", "السلام عليكم، ", "لو سمحتوا "]),
        dice.pick(&["", "", "؟", " وشكرا"])
    )
}

fn money(dice: &mut Dice) -> String {
    let sum = dice.between(1, 90) * 50;
    let thousands = dice.between(1, 900);
    match dice.below(10) {
        0 => format!("كم رسوم بدل فاقد للهوية هل هي {sum} ريال"),
        1 => format!("الغرامة {sum} ريالا بعد {} يوما", dice.between(1, 90)),
        2 => format!("رسوم تجديد الهوية {sum}"),
        3 => format!("سددت رسوم الطلب {sum} ريال"),
        4 => format!("المبلغ {thousands},{} ريال", dice.digits(3)),
        5 => format!("غرامة {sum} SAR على تأخير تسجيل المولود"),
        6 => format!("راتبي {sum}0 ريال شهريا هل ينفع اقدم"),
        7 => format!("بدل تالف ب {sum} ر.س"),
        8 => format!("السعر {sum}.{} ريال للطلب الواحد", dice.digits(2)),
        _ => format!("القرض {thousands}.{}.{} ريال", dice.digits(3), dice.digits(3)),
    }
}

fn calendar(dice: &mut Dice) -> String {
    let (day, month) = (dice.between(1, 29), dice.between(1, 12));
    let (hijri, gregorian) = (dice.between(1400, 1450), dice.between(1990, 2030));
    match dice.below(14) {
        0 => format!("صدر النظام عام {hijri} هـ"),
        1 => format!("من {hijri} إلى {} تغيرت اللائحة", hijri + 5),
        2 => format!("الموعد يوم {day}/{month}/{hijri}"),
        3 => format!("بتاريخ {gregorian}-{month:02}-{day:02} أعلنت الوزارة"),
        4 => format!("تبدأ الخدمة في {day} رمضان {hijri}"),
        5 => format!("السنوات {hijri} - {} - {}", hijri + 1, hijri + 2),
        6 => format!("تنتهي هويتي سنة {gregorian} متى أجدد"),
        7 => format!("حجزت موعد يوم {day}-{month}-{gregorian} كيف ألغيه"),
        8 => format!("موعدي {day}/{month} الساعة {}", dice.between(8, 12)),
        9 => format!("الإجازة من {day}/{month} إلى {}/{month}", day + 1),
        10 => format!("قدمت طلب تجديد في {day}/{month}/{gregorian}"),
        11 => format!("هويتي منتهية من {day}/{month}/{hijri} هل علي غرامة"),
        12 => format!("وصل كود التفعيل بتاريخ {day}/{month}/{gregorian}"),
        _ => format!("رؤية {} وبرنامج التحول {}", 2030, 2020),
    }
}

fn law(dice: &mut Dice) -> String {
    let article = dice.between(1, 96);
    let (day, month, year) = (dice.between(1, 29), dice.between(1, 12), dice.between(1400, 1446));
    match dice.below(10) {
        0 => format!("المادة {article} من نظام الأحوال المدنية"),
        1 => format!("المادة رقم {article} الفقرة {}", dice.between(1, 9)),
        2 => format!("المرسوم الملكي رقم م/{article} وتاريخ {day}/{month}/{year}هـ"),
        3 => format!("قرار مجلس الوزراء رقم {} وتاريخ {day}/{month}/{year}", dice.between(10, 700)),
        4 => format!("اللائحة التنفيذية الصادرة بالقرار {} لعام {year}", dice.between(1000, 9999)),
        5 => format!("حسب المادتين {article} و{} من النظام", article + 1),
        6 => format!("التعميم رقم {} لسنة {year}", dice.between(100, 99_999)),
        7 => format!("ماذا تقول المادة {article} عن تسجيل المواليد"),
        8 => format!("النموذج رقم {} لطلب الهوية", dice.between(1, 99)),
        _ => format!("الفقرة {}/{} من اللائحة", dice.between(1, 90), dice.between(1, 9)),
    }
}

fn clock(dice: &mut Dice) -> String {
    let hour = dice.between(6, 11);
    let minute = dice.pick(&["00", "15", "30", "45"]);
    match dice.below(8) {
        0 => format!("الدوام من {hour}:{minute} إلى {}:00", hour + 4),
        1 => format!("يعمل المكتب {hour}.{minute}-{}.30 و16.00-20.00", hour + 2),
        2 => format!("وصلت الساعة {hour}:{minute}:{} والمكتب مغلق", dice.between(10, 59)),
        3 => format!("هل يفتح المكتب {hour} ص إلى {} م", dice.between(2, 9)),
        4 => format!("انتظرت من الساعة {hour} حتى {} ولا أحد رد", hour + 3),
        5 => format!("الرمز ينتهي بعد {} ثانية", dice.between(30, 120)),
        6 => format!("رمز التحقق يصل خلال {} دقائق", dice.between(1, 15)),
        _ => format!("البث الساعة {:02}{minute}", dice.between(13, 22)),
    }
}

fn public_line(dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => format!("اتصل على الرقم الموحد 9200{}", dice.digits(5)),
        1 => "رقم أبشر 199099 ما يرد".to_owned(),
        2 => format!("الرقم 92000 {} للاستفسار", dice.digits(4)),
        3 => format!("رقم البلاغات {}", dice.pick(&["911", "999", "989", "937", "1919", "199033", "19993"])),
        4 => format!("الهاتف المجاني 800{}", dice.digits(7)),
        5 => format!("هاتف المكتب 01{}{}", dice.between(1, 7), dice.digits(7)),
        6 => format!("تحويلة {} في السنترال", dice.between(100, 9999)),
        _ => format!("رقم خدمة العملاء 9200-{}-{}", dice.digits(3), dice.digits(2)),
    }
}

fn place(dice: &mut Dice) -> String {
    match dice.below(9) {
        0 => format!("الرمز البريدي {}", dice.digits(5)),
        1 => format!("مبنى {} شارع {} حي النخيل", dice.digits(4), dice.between(1, 80)),
        2 => format!("ص.ب {} الرياض {}", dice.digits(5), dice.digits(5)),
        3 => format!("صندوق بريد {} جدة", dice.digits(4)),
        4 => format!("العنوان الوطني مبنى رقم {} الرقم الإضافي {}", dice.digits(4), dice.digits(4)),
        5 => format!("مكتب رقم {} الدور {}", dice.between(1, 40), dice.between(1, 9)),
        6 => format!("طريق الملك فهد مخرج {}", dice.between(1, 33)),
        7 => format!("الشباك {} ورقم الانتظار {}", dice.between(1, 30), dice.between(1, 400)),
        _ => format!("مكتب الأحوال في حي {} كيلو {}", dice.pick(&["العليا", "الصفا"]), dice.between(1, 30)),
    }
}

fn count(dice: &mut Dice) -> String {
    match dice.below(14) {
        0 => format!("عدد المستفيدين {},{},{}", dice.between(1, 30), dice.digits(3), dice.digits(3)),
        1 => format!("عمري {} سنة وعندي {} أولاد", dice.between(18, 77), dice.between(1, 9)),
        2 => format!("المكتب يفتح {} أيام في الأسبوع و{} فروع", dice.between(1, 7), dice.between(1, 40)),
        3 => format!("رمز التحقق مكون من {} أرقام", dice.between(4, 6)),
        4 => format!("كلمة المرور لازم {} أحرف", dice.between(8, 12)),
        5 => format!("رقم الهوية مكون من {} أرقام", 10),
        6 => format!("حاولت {} مرات وكلمة المرور خطأ", dice.between(2, 9)),
        7 => format!("أحتاج {} صور مقاس {}*{}", dice.between(2, 6), dice.between(4, 6), dice.between(6, 9)),
        8 => format!("المولود وزنه {} جرام", dice.between(2000, 4500)),
        9 => format!("بنتي عمرها {} سنوات كيف أضيفها للسجل", dice.between(1, 9)),
        10 => format!("الجوال سامسونج {} ما يفتح أبشر", dice.between(10, 24)),
        11 => format!("عندي {} طلبات معلقة من {} أسابيع", dice.between(2, 9), dice.between(2, 9)),
        12 => format!("نسبة الإنجاز {}%", dice.between(10, 99)),
        _ => format!("شاهد الفيديو {} شخص خلال {} يوم", dice.between(1000, 99_999), dice.between(1, 30)),
    }
}

/// The shape of an identifier without being one.
fn near_miss(dice: &mut Dice) -> String {
    match dice.below(12) {
        0 => format!("العدد {} وحدة", wrong_identity(dice)),
        1 => format!("تجاوز عدد السكان {} نسمة", dice.between(30_000_000, 36_000_000)),
        2 => format!("الكمية {} في المستودع", wrong_identity(dice)),
        3 => "ارسلوا رمز التحقق ما وصل".to_owned(),
        4 => {
            format!("ما هو كود {} في تطبيق أبشر؟ خطأ رقم {}", dice.between(400, 503), dice.between(400, 503))
        }
        5 => "راسلوا حساب @AhwalCare في تويتر".to_owned(),
        6 => format!("كود الخصم {}", dice.pick(&["SAVE20", "SALE50"])),
        7 => format!("فاتورة الكهرباء شهر {} بمبلغ {} ريال", dice.between(1, 12), dice.between(100, 999)),
        8 => "ابي جواز سفر جديد كم المده 5 ايام ولا 10".to_owned(),
        9 => format!(
            "نموذج {} نسخة {}.{}.{}",
            dice.between(1, 99),
            dice.between(1, 9),
            dice.between(0, 9),
            dice.between(0, 9)
        ),
        10 => format!("الآية {} من سورة البقرة", dice.between(1, 286)),
        _ => "قرأت في موقع absher.sa عن تجديد الهوية".to_owned(),
    }
}

/// Ten digits that begin like an identity and fail its check.
fn wrong_identity(dice: &mut Dice) -> String {
    loop {
        let digits = format!("{}{}", dice.between(1, 2), dice.digits(9));
        if !luhn(&digits) {
            return digits;
        }
    }
}
