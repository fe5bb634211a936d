# Home, services, search, clips, privacy.
home-title = إجابتك بالإشارة
home-your-answer = إجابتك
home-in-sign = بالإشارة
home-lead = خدمات الأحوال المدنية، تُشرح لك بلغة الإشارة.
home-welcome-watch = شاهد
home-welcome-what = الترحيب بالإشارة
home-welcome = أهلًا بك. اختر موضوعك، أو أشر سؤالك.
home-topics = اختر موضوعك
home-newest = أحدث الإجابات
home-awareness-watch = شاهد التنبيه
home-ask = لم تجد إجابتك؟ اسألنا
promise-median = نصف الأسئلة يُجاب عنها خلال
promise-day = يوم عمل واحد
promise-day-label = موعد الردّ على سؤالك
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
promise-review-label = يراجعان كلَّ إجابة قبل نشرها
way-record = سجّل بالإشارة
way-record-hint = افتح الكاميرا وأشر سؤالك
way-upload = ارفع مقطعًا
way-upload-hint = من جوّالك، حتى ٩٠ ثانية
way-write = اكتب سؤالك
way-write-hint = بكلماتك، ولا يهم الإملاء
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
search-other-text = أشر سؤالك، ويجيبك شخص من فريقنا بالإشارة.
starts-at = يبدأ عند
finder-found = إجابات قريبة من كلماتك
finder-private = لا تكتب هنا رقم هوية أو جوال أو حساب. احذف الرقم ثم ابحث.
clip-approved = معتمدة
clip-sample = عيّنة للعرض
clip-understood = هل فهمت الإجابة؟
understood-yes = فهمت
understood-no = لم أفهم
clip-related = إجابات قريبة
clip-facts = معلومات عن المقطع
fact-fees = الرسوم
fact-signer = الموقّع
fact-owner = اعتمدتها
fact-published = تاريخ النشر
fact-review-by = تُراجع قبل
fact-sign-language = لغة الإشارة
clip-share = شارك
clip-shared = نُسخ الرابط
clip-keep = احفظ المقطع ({ $size })
notice-thanks = شكرًا لك.
privacy-title = كيف نحفظ خصوصيتك
privacy-lead = سؤالك لك. لا يراه إلا من يجيبك.
privacy-question = نشفّر سؤالك، ونحذف النص الكامل بعد انتهاء الحالة.
privacy-mask = نخفي رقم الهوية والجوال والآيبان قبل أن يقرأ أحد السؤال.
privacy-video = مقطعك لا يُنشر أبدًا، ويُحذف بعد ٩٠ يومًا.
privacy-code = لا نطلب رمز التحقق ولا كلمة المرور أبدًا. إن كتبتهما حذفناهما فورًا.
privacy-search = لا نحفظ كلمات بحثك.
privacy-cookies = نحفظ في جهازك اللغة والألوان فقط. لا تتبّع ولا إعلانات.
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
