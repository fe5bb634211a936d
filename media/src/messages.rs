//! The sentences of the upload checks: what is wrong and how to fix it, in plain Arabic and English. Many deaf readers
//! use Arabic as a second language, so each sentence is short and begins with the thing itself.

use crate::counted;
use crate::quality::Level;

/// The Arabic and English sentence of a check.
pub(crate) fn of_check(code: &str, level: Level, value: f64) -> (String, String) {
    let (arabic, english) = sentence(code, level);
    let shown = if code == "picture_gaps" { value / 1000.0 } else { value };
    (counted::fill(arabic, shown), english.replace("{}", &counted::plain(shown)))
}

fn sentence(code: &str, level: Level) -> (&'static str, &'static str) {
    match (code, level) {
        ("damaged", _) => (
            "{}٪ من صور المقطع تالفة ولا تُقرأ. صدّر المقطع من جديد أو أعد رفعه كاملًا.",
            "{}% of the clip's pictures are damaged and cannot be read. Export it again or upload it in full.",
        ),
        ("low_frame_rate", Level::Block) => (
            "في المقطع {صورة} في الثانية فقط، وهذا لا يكفي لفهم الإشارة. صوّر بـ ٣٠ صورة في الثانية وفي إضاءة جيدة.",
            "The clip has only {} pictures a second, too few to understand signing. Record at 30 a second in good light.",
        ),
        ("low_frame_rate", Level::Warn | Level::Info) => (
            "في المقطع {صورة} في الثانية، وقد تبدو الإشارة متقطعة. صوّر بـ ٣٠ صورة في الثانية إن أمكن.",
            "The clip has {} pictures a second, so signing may look jerky. Record at 30 a second if you can.",
        ),
        ("picture_gaps", _) => (
            "الصورة تتوقف في وسط المقطع مدة {ثانية} فتضيع الإشارة. أعد التصوير أو أعد تصدير المقطع.",
            "The picture stops for {} seconds inside the clip and signs are lost. Record or export it again.",
        ),
        ("uneven_motion", _) => (
            "الحركة غير منتظمة في {}٪ من المقطع. صوّر في إضاءة أقوى وأغلق التطبيقات الأخرى في الهاتف.",
            "Motion is uneven in {}% of the clip. Record in stronger light and close other apps on the phone.",
        ),
        ("variable_frame_rate", _) => (
            "سرعة الصور في المقطع متغيرة، وسنجعلها ثابتة. لا يلزمك شيء.",
            "The clip's frame rate varies; we will make it constant. You need do nothing.",
        ),
        ("pictures_left_out", _) => (
            "في المقطع صور أكثر مما تعرضه الشاشات، فتركنا {صورة} منها. تبقى الحركة واضحة، ولا يلزمك شيء.",
            "The clip has more pictures than screens show, so {} were left out. Movement stays clear; you need do nothing.",
        ),
        ("too_long", _) => (
            "مدة المقطع {ثانية}، وهي أطول من المسموح. قسّمه إلى مقاطع أقصر أو احذف ما لا يلزم.",
            "The clip is {} seconds long, more than allowed. Split it or cut what is not needed.",
        ),
        ("long_clip", _) => (
            "مدة المقطع {ثانية}. المقاطع الأقصر أسهل فهمًا، فقسّمه إن أمكن.",
            "The clip is {} seconds long. Shorter clips are easier to follow: split it if you can.",
        ),
        ("small_picture", Level::Block) => (
            "الضلع الأقصر للصورة {نقطة} فقط، فلا تظهر الأصابع بوضوح. صوّر بدقة ٧٢٠ أو أعلى.",
            "The shorter side of the picture is only {} pixels, so fingers cannot be seen. Record at 720 or more.",
        ),
        ("small_picture", Level::Warn | Level::Info) => (
            "الضلع الأقصر للصورة {نقطة}. تكون الإشارة أوضح بدقة ٧٢٠ أو أعلى.",
            "The shorter side of the picture is {} pixels. Signing is clearer at 720 or more.",
        ),
        ("shape_changes", _) => (
            "يتغير شكل الصورة بعد {ثانية} من بداية المقطع، فنضيف حولها أشرطة سوداء. صوّر المقطع كله والهاتف على وضع واحد.",
            "The picture changes its shape after {} seconds, so it gets black bars. Record the whole clip \
             with the phone held one way.",
        ),
        ("rotated", _) => (
            "صُوّر المقطع والهاتف مائل، وسنعدل الصورة. لا يلزمك شيء.",
            "The clip was recorded with the phone turned; we will set it upright. You need do nothing.",
        ),
        ("interlaced", _) => (
            "المقطع بنظام الأسطر المتداخلة، وسنحوّله إلى {صورة} كاملة في الثانية. اضبط الكاميرا على التصوير التقدمي (p).",
            "The clip is interlaced; we will turn it into {} full pictures a second. Set the camera to progressive (p).",
        ),
        ("converted_colour", _) => (
            "سنحوّل ألوان المقطع وترميزه ليعمل على كل الأجهزة. لا يلزمك شيء.",
            "We will convert the clip's colours and coding so that it plays everywhere. You need do nothing.",
        ),
        ("black_picture", _) => (
            "الصورة سوداء في {}٪ من المقطع. تأكد من فتح العدسة ثم أعد التصوير.",
            "The picture is black for {}% of the clip. Check that the lens is open and record again.",
        ),
        ("black_ends", _) => (
            "الصورة سوداء مدة {ثانية} في أول المقطع أو آخره. احذف هذا الجزء.",
            "The picture is black for {} seconds at the beginning or end. Trim that part.",
        ),
        ("frozen_picture", _) => (
            "الصورة جامدة في {}٪ من المقطع. أعد التصوير أو أعد تصدير المقطع.",
            "The picture is frozen for {}% of the clip. Record or export it again.",
        ),
        ("frozen_moment", _) => (
            "تجمد الصورة مدة {ثانية} في وسط المقطع. شاهد المقطع وأعد التصوير إن ضاعت إشارة.",
            "The picture freezes for {} seconds inside the clip. Watch it and record again if a sign is lost.",
        ),
        ("still_head", _) => (
            "لا حركة في أول المقطع مدة {ثانية}. نقترح حذف هذا الجزء ليبدأ المقطع بالإشارة.",
            "Nothing moves in the first {} seconds. We suggest trimming them, so that the clip begins with signing.",
        ),
        ("still_tail", _) => (
            "لا حركة في آخر المقطع مدة {ثانية}. نقترح حذف هذا الجزء.",
            "Nothing moves in the last {} seconds. We suggest trimming them.",
        ),
        ("soft_copies", _) => (
            "بعض نسخ المقطع أقل وضوحًا من الأصل لأن الصورة كثيرة الحبيبات. صوّر في إضاءة أقوى إن أمكن.",
            "Some copies of the clip are less clear than the original because the picture is grainy. Record in \
             stronger light if you can.",
        ),
        ("too_dark", _) => (
            "المقطع مظلم، فلا يظهر الوجه واليدان جيدًا. صوّر أمام نافذة أو أضف مصباحًا.",
            "The clip is dark, so face and hands are hard to see. Face a window or add a lamp.",
        ),
        ("too_bright", _) => (
            "المقطع شديد السطوع، فلا يظهر الوجه واليدان جيدًا. خفّف الضوء أو ابتعد عنه.",
            "The clip is too bright, so face and hands are hard to see. Reduce the light or move away from it.",
        ),
        ("hands_leave_frame", _) => (
            "اليدان تقتربان من حافة الصورة كثيرًا. ابتعد عن الكاميرا حتى تظهر من فوق الرأس إلى الخصر.",
            "The hands often reach the edge of the picture. Step back until it shows from above the head to the waist.",
        ),
        ("blurred", _) => (
            "الصورة أقل وضوحًا من مقاطعنا الأخرى. امسح العدسة وثبّت الهاتف ثم أعد التصوير.",
            "The picture is softer than our other clips. Wipe the lens, steady the phone and record again.",
        ),
        ("no_face", _) => (
            "لم نجد وجهًا في الصورة. إن كان في المقطع شخص يؤشر، فتأكد من أن وجهه واضح.",
            "We found no face in the picture. If somebody signs in the clip, check that the face can be seen well.",
        ),
        ("many_faces", _) => (
            "في الصورة أكثر من وجه. الأوضح أن يظهر مقدّم الإشارة وحده.",
            "There is more than one face in the picture. It is clearer when the signer is alone.",
        ),
        ("face_far", _) => (
            "الوجه صغير: {}٪ من ارتفاع الصورة. اقترب من الكاميرا حتى تظهر ملامح الوجه والأصابع.",
            "The face is small: {}% of the picture's height. Come nearer, so that face and fingers can be read.",
        ),
        ("face_near", _) => (
            "الوجه كبير: {}٪ من ارتفاع الصورة، وقد تخرج اليدان منها. ابتعد عن الكاميرا قليلًا.",
            "The face is large: {}% of the picture's height, so hands may leave it. Step back a little.",
        ),
        ("headroom", _) => (
            "الرأس قريب من أعلى الصورة. اترك فوقه مسافة حتى تظهر الإشارات العالية.",
            "The head is close to the top of the picture. Leave room above it for high signs.",
        ),
        ("off_centre", _) => (
            "مقدّم الإشارة بعيد عن وسط الصورة. قف في الوسط حتى تظهر اليدان كلتاهما.",
            "The signer is far from the middle. Stand in the middle, so that both hands stay in the picture.",
        ),
        ("face_contrast", _) => (
            "لون الوجه قريب من لون الخلفية. اختر خلفية سادة بلون مختلف.",
            "The face is nearly as bright as the background. Choose a plain background that differs.",
        ),
        ("flashing", _) => (
            "في المقطع {ومضة} قوية في الثانية، وهذا قد يؤذي المشاهد. احذف الجزء الوامض.",
            "The clip has {} strong flashes a second, which may harm viewers. Remove the flashing part.",
        ),
        ("no_sound", _) => (
            "لا صوت في المقطع، وهذا مقبول. لا يلزمك شيء.",
            "The clip has no sound, which is fine. You need do nothing.",
        ),
        ("silent_sound", _) => (
            "مسار الصوت صامت، وسنحذفه. لا يلزمك شيء.",
            "The sound track is silent; we will remove it. You need do nothing.",
        ),
        ("audible_sound", _) => (
            "في المقطع صوت مسموع، فالنص المكتوب المصاحب إلزامي. أضف النص قبل النشر.",
            "The clip has audible sound, so captions are mandatory. Add them before publishing.",
        ),
        _ => ("راجع المقطع قبل المتابعة.", "Review the clip before you go on."),
    }
}
