# Words of every page: names, navigation, dates, numbers.
brand = إشارة
brand-sub = الأحوال المدنية بلغة الإشارة
skip-to-content = انتقل إلى المحتوى
nav-sections = الأقسام
nav-home = الرئيسية
nav-answers = الإجابات
nav-my-question = سؤالي
nav-ask = اسأل بالإشارة
language-switch = English
appearance = العرض
appearance-colours = ألوان الصفحة
appearance-system = مثل جهازي
appearance-light = فاتح
appearance-dark = داكن
appearance-contrast = تباين عالٍ
appearance-digits = الأرقام
digits-arabic = عربية مشرقية
digits-latin = لاتينية (012)
appearance-save = طبّق
sign-in = دخول الموظفين
footer-name = حساب الصم وضعاف السمع
footer-promise = كل خدمة هنا تتم بالإشارة أو بالكتابة. لا حاجة إلى مكالمة.
footer-links = روابط
footer-help = المساعدة
footer-privacy = الخصوصية
footer-status = تابع سؤالك
footer-sample = المقاطع المعروضة عيّنات بلغة الإشارة الأمريكية، وليست إجابات رسمية.
footer-sample-source = المصدر:
footer-sample-licence = برخصة
footer-sample-changed = وقد قُصّت وعُدّلت.
in-sign = بالإشارة
signpop-title = العبارة بلغة الإشارة
signpop-again = من البداية
close = إغلاق
errors-title = صحّح هذا أولًا
length = المدة
page-previous = السابق
page-next = التالي
pages = صفحات النتائج
masked = مخفي
staff-home = بيت العمل
staff-sections = أقسام العمل
staff-desk = المكتب
staff-studio = الاستوديو
staff-jobs = المهام
staff-admin = الإدارة
staff-audit = السجل
staff-public = الموقع العام
staff-account = حسابي
sign-out = خروج
role-producer = منتج
role-linguistic-reviewer = مراجع الإشارة
role-department-reviewer = مراجع الإدارة
role-agent = موظف الردّ
role-supervisor = مشرف
role-administrator = مدير النظام
role-auditor = مدقق

weekday-sunday = الأحد
weekday-monday = الاثنين
weekday-tuesday = الثلاثاء
weekday-wednesday = الأربعاء
weekday-thursday = الخميس
weekday-friday = الجمعة
weekday-saturday = السبت
hijri-muharram = محرم
hijri-safar = صفر
hijri-rabi-1 = ربيع الأول
hijri-rabi-2 = ربيع الآخر
hijri-jumada-1 = جمادى الأولى
hijri-jumada-2 = جمادى الآخرة
hijri-rajab = رجب
hijri-shaban = شعبان
hijri-ramadan = رمضان
hijri-shawwal = شوال
hijri-qada = ذو القعدة
hijri-hijja = ذو الحجة
hijri-era = هـ
month-january = يناير
month-february = فبراير
month-march = مارس
month-april = أبريل
month-may = مايو
month-june = يونيو
month-july = يوليو
month-august = أغسطس
month-september = سبتمبر
month-october = أكتوبر
month-november = نوفمبر
month-december = ديسمبر
time-morning = { $time } صباحًا
time-evening = { $time } مساءً
day-today = اليوم، { $time }
day-yesterday = أمس، { $time }
day-tomorrow = غدًا، { $time }
day-other = { $date }، { $time }
ago = قبل { $span }
span-and = { $first } و{ $second }
span-moment = أقل من دقيقة
left-moment = بقي أقل من دقيقة
late-moment = حان الموعد
size-bytes = { $n } بايت
size-kb = { $n } كيلوبايت
size-mb = { $n } ميغابايت
size-gb = { $n } غيغابايت
span-days = { $count ->
    [zero] أقل من يوم
    [one] يوم واحد
    [two] يومين
    [few] { $n } أيام
    [many] { $n } يومًا
   *[other] { $n } يوم
}
span-hours = { $count ->
    [zero] أقل من ساعة
    [one] ساعة واحدة
    [two] ساعتين
    [few] { $n } ساعات
    [many] { $n } ساعة
   *[other] { $n } ساعة
}
span-minutes = { $count ->
    [zero] أقل من دقيقة
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $n } دقائق
    [many] { $n } دقيقة
   *[other] { $n } دقيقة
}
left-days = { $count ->
    [zero] بقي أقل من يوم
    [one] بقي يوم واحد
    [two] بقي يومان
    [few] بقيت { $n } أيام
    [many] بقي { $n } يومًا
   *[other] بقي { $n } يوم
}
left-hours = { $count ->
    [zero] بقي أقل من ساعة
    [one] بقيت ساعة واحدة
    [two] بقيت ساعتان
    [few] بقيت { $n } ساعات
    [many] بقيت { $n } ساعة
   *[other] بقيت { $n } ساعة
}
left-minutes = { $count ->
    [zero] بقي أقل من دقيقة
    [one] بقيت دقيقة واحدة
    [two] بقيت دقيقتان
    [few] بقيت { $n } دقائق
    [many] بقيت { $n } دقيقة
   *[other] بقيت { $n } دقيقة
}
late-days = { $count ->
    [zero] متأخر أقل من يوم
    [one] متأخر يومًا واحدًا
    [two] متأخر يومين
    [few] متأخر { $n } أيام
    [many] متأخر { $n } يومًا
   *[other] متأخر { $n } يوم
}
late-hours = { $count ->
    [zero] متأخر أقل من ساعة
    [one] متأخر ساعة واحدة
    [two] متأخر ساعتين
    [few] متأخر { $n } ساعات
    [many] متأخر { $n } ساعة
   *[other] متأخر { $n } ساعة
}
late-minutes = { $count ->
    [zero] متأخر أقل من دقيقة
    [one] متأخر دقيقة واحدة
    [two] متأخر دقيقتين
    [few] متأخر { $n } دقائق
    [many] متأخر { $n } دقيقة
   *[other] متأخر { $n } دقيقة
}
