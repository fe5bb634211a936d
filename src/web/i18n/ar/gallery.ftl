# Home, services, search, clips, privacy.
home-title = إجابتك بالإشارة
home-your-answer = إجابتك
home-in-sign = بالإشارة
home-lead = خدمات الأحوال المدنية، تُشرح لك بلغة الإشارة.
home-newest-watch = شاهد
home-newest-one = أحدث إجابة
home-topics = اختر موضوعك
home-newest = أحدث الإجابات
home-awareness-watch = شاهد التنبيه
home-aware = توعية قصيرة
home-ask = لم تجد إجابتك؟ اسألنا
promise-median = نجيب عن نصف الأسئلة خلال
promise-day = ٢٤ ساعة
promise-day-label = نجيب عن سؤالك خلال
promise-waiting = { $count ->
    [zero] لا أسئلة
    [one] سؤال واحد
    [two] سؤالان
    [few] { $n } أسئلة
    [many] { $n } سؤالًا
   *[other] { $n } سؤال
}
promise-waiting-label = بانتظار الردّ الآن
promise-review = مراجع أصمّ والإدارة المختصة
promise-review-label = قبل النشر يراجع كلَّ إجابة
way-record = سجّل بالإشارة
way-record-hint = افتح الكاميرا واسأل بالإشارة
way-upload = ارفع مقطعًا
way-upload-hint = من جوّالك، حتى ٩٠ ثانية
way-write = اكتب سؤالك
way-write-hint = بكلماتك، ولا يهم الإملاء
way-topics = اختر بالصور
way-topics-hint = مواضيع لها صورة وإشارة
service-list = الخدمات
service-answers = الإجابات
service-empty = لا توجد إجابة بالإشارة بعد
service-empty-next = اسألنا الآن، وسنجيبك بالإشارة.
search-all = الكل
search-title = ابحث عن إجابة
search-label = كلمات البحث
search-example = مثال: هوية ضائعة
search-button = ابحث
search-total = { $count ->
    [zero] لا نتائج
    [one] وجدنا إجابة واحدة.
    [two] وجدنا إجابتين. الأقرب إليك أولًا.
    [few] وجدنا { $n } إجابات. الأقرب إليك أولًا.
    [many] وجدنا { $n } إجابة. الأقرب إليك أولًا.
   *[other] وجدنا { $n } إجابة. الأقرب إليك أولًا.
}
search-filter = تصفية النتائج
search-none = لا توجد إجابة بالإشارة بعد
search-none-next = اسألنا الآن، وسنصوّر لك الإجابة.
search-or-topic = أو اختر موضوعًا
search-results = النتائج
search-best = أقرب إجابة
search-watch-line = شاهد من هذه الجملة
search-other = ليست هذه إجابتك؟
search-other-text = اسأل بالإشارة، ويجيبك موظف بالإشارة.
starts-at = يبدأ عند
finder-found = إجابات قريبة من كلماتك
finder-private = لا تكتب هنا رقم هوية أو جوال أو حساب. احذف الرقم ثم ابحث.
clip-approved = معتمدة
clip-sample = عيّنة للعرض
clip-understood = هل فهمت الإجابة؟
understood-yes = فهمت
understood-no = لم أفهم
clip-related = إجابات قريبة
series-of = خطوات: { $title }
series-here = الخطوة { $n } من { $total }
series-next = الخطوة التالية
series-last = هذه آخر خطوة
clip-facts = معلومات عن المقطع
fact-fees = الرسوم
fact-deadline = المهلة
fact-as-of = صحيحة بتاريخ { $date }
fact-signer = مقدّم الإشارة
fact-owner = اعتمدتها
fact-published = تاريخ النشر
fact-review-by = تُراجع قبل
fact-sign-language = لغة الإشارة
clip-share = شارك
clip-shared = نُسخ الرابط
clip-save = احفظه لوقت آخر
clip-saved = محفوظ عندك
clip-card = بطاقة برمز مربع
clip-print = اطبع النص
card-scan = وجّه كاميرا جوالك إلى الرمز، وشاهد الإجابة بالإشارة.
card-qr = رمز مربع يفتح صفحة المقطع
card-back = صفحة المقطع
card-print = اطبع البطاقة
saved-title = مقاطع حفظتها
saved-services = خدمات تعمل بلا إنترنت
saved-lead = هذه القائمة في جهازك وحده، ولا نراها.
saved-needs-script = هذه القائمة تحتاج إلى تشغيل جافاسكربت في المتصفح.
saved-none = لم تحفظ مقطعًا بعد
saved-none-next = افتح إجابة، ثم اضغط «احفظه لوقت آخر».
saved-remove = أزله من القائمة
app-name = إشارة: خدمات الأحوال المدنية بلغة الإشارة
feed-title = إشارة: أحدث المقاطع
keep-service = احفظ هذه الخدمة في الجهاز
keep-done = محفوظة، وتعمل بلا إنترنت
keep-busy = نحفظها الآن:
keep-failed = لم تُحفظ. أعد المحاولة.
next-absher = افتح أبشر
next-appointment = احجز موعدًا
next-office = ابحث عن أقرب مكتب
next-taqdeer = اطلب خدمة تقدير
next-tahseen = أرسل رأيك عبر تحسين
next-ashsher = اطلب مترجم إشارة (أشّر)
news-replaces = هذه إجابة أحدث
news-replaces-text = الإجابة القديمة تغيّرت. هذه هي الجديدة.
news-review = هذه الإجابة تحت المراجعة
news-review-text = حان موعد مراجعتها، وقد تتغيّر.
news-changed = حُدّثت هذه الإجابة
news-changed-on = آخر تحديث: { $date }.
gone-title = سُحبت هذه الإجابة
gone-text = تغيّرت معلومتها. هذه إجابات الخدمة نفسها الآن، أو اسألنا.
gone-others = إجابات الخدمة الآن
since-title = تغيّر شيء منذ زيارتك الأخيرة
since-count = إجابات جديدة أو محدّثة:
since-new = جديدة
since-changed = محدّثة
clip-keep = احفظ المقطع ({ $size })
notice-thanks = شكرًا لك.
notice-unclear = شكرًا لأنك أخبرتنا. شاهد بسرعة أبطأ، أو اقرأ النص، أو اسألنا.
help-title = كيف تستخدم الموقع
help-find = ابحث عن إجابتك
help-find-how = اختر موضوعًا بالصورة، أو اكتب كلمتين في البحث.
help-watch = شاهد كما يناسبك
help-watch-how = أبطئ الإشارة، أو أعدها، أو كرّر جزءًا منها. النص مكتوب تحت المقطع.
help-ask = لم تجد إجابتك؟ اسأل
help-ask-how = سجّل سؤالك بالإشارة أو اكتبه. كلمات قليلة تكفي.
help-follow = تابع سؤالك
help-follow-how = احفظ رابط سؤالك. فيه ترى الردّ، وتقول لنا: فهمت أو لم أفهم.
help-report = أبلغنا عن مشكلة
help-report-how = إجابة فيها خطأ، أو شخص طلب منك رمز التحقق؟ أخبرنا بالإشارة أو كتابةً.
help-report-do = أبلغنا
privacy-title = كيف نحفظ خصوصيتك
privacy-lead = سؤالك لك. لا يراه إلا الفريق الذي يجيبك.
privacy-question = نشفّر سؤالك. نحذف نصّه الكامل بعد ٩٠ يومًا من وصوله، أو من آخر مقطع إشارة فيه.
privacy-mask = نخفي رقم الهوية والجوال والآيبان. لا يفتحها إلا من يعمل على سؤالك أو المشرف، ونسجّل ذلك.
privacy-video = لا ننشر مقطعك أبدًا. نحذفه بعد ٩٠ يومًا من آخر مقطع إشارة في سؤالك.
privacy-code = لا نطلب رمز التحقق ولا كلمة المرور أبدًا. إن كتبتهما حذفناهما فورًا.
privacy-search = لا نحفظ كلمات بحثك.
privacy-cookies = نحفظ في جهازك ما اخترته أنت: اللغة والألوان والمقاطع المحفوظة، وتسجيلك حتى يصلنا. لا تتبّع ولا إعلانات.
answers = { $count ->
    [zero] لا إجابات بعد
    [one] إجابة واحدة
    [two] إجابتان
    [few] { $n } إجابات
    [many] { $n } إجابة
   *[other] { $n } إجابة
}
sign-language-sdl = لغة الإشارة السعودية
sign-language-ase = لغة الإشارة الأمريكية
sign-language-jos = لغة الإشارة الأردنية
