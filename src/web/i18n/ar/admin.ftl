## الإدارة

admin-nav = أقسام الإدارة
admin-nav-accounts = الحسابات
admin-nav-departments = الإدارات
admin-nav-services = الخدمات
admin-nav-signers = الموقّعون
admin-nav-system = حالة النظام
admin-active = مفعّل
admin-inactive = موقوف
admin-edit = عدّل

accounts-title = الحسابات
accounts-add = أضف حسابًا
accounts-new = حساب جديد
accounts-name = الاسم
accounts-email = البريد الإلكتروني
accounts-role = الدور
accounts-department = الإدارة
accounts-department-hint = لازمة لمراجع الإدارة.
accounts-no-department = بلا إدارة
accounts-woman = موظفة (تستقبل من تطلب امرأة)
accounts-active = يستطيع الدخول
accounts-since = منذ
accounts-added = أُضيف الحساب
accounts-first-password = كلمة المرور الأولى
accounts-first-password-lead = تظهر مرة واحدة. سلّمها لصاحبها ليغيّرها بعد أول دخول.
accounts-new-password = كلمة مرور جديدة
accounts-new-password-lead = تنتهي جلساته كلها، وتظهر له كلمة جديدة مرة واحدة.
accounts-new-password-do = أصدر كلمة مرور جديدة
accounts-edit = تعديل حساب
accounts-edit-lead = أي تعديل ينهي جلسات صاحب الحساب.
accounts-back = كل الحسابات
accounts-bad-role = اختر الدور.

departments-title = الإدارات
departments-add = أضف إدارة
departments-new = إدارة جديدة
departments-edit = تعديل إدارة
departments-code = الرمز
departments-code-hint = حروف لاتينية وأرقام وشرطات.
departments-name-ar = الاسم بالعربية
departments-name-en = الاسم بالإنجليزية
departments-minutes = مهلة الاعتماد بالدقائق
departments-minutes-hint = من ١٥ دقيقة إلى ٣٠ يومًا (٤٣٢٠٠).
departments-approval = مهلة الاعتماد
departments-active = تُسند إليها الأعمال
departments-back = كل الإدارات
departments-empty = لا إدارات بعد
departments-empty-lead = أضف إدارة لتعتمد الردود والمقاطع.
departments-bad-number = اكتب عددًا.

services-title = دليل الخدمات
services-add = أضف خدمة
services-new = خدمة جديدة
services-edit = تعديل خدمة
services-code = الرمز
services-name-ar = الاسم بالعربية
services-name-en = الاسم بالإنجليزية
services-topic = الموضوع
services-topic-hint = أحد موضوعات الصفحة الأولى، ثمانية على الأكثر.
services-kind = النوع
services-kind-information = معلومة
services-kind-transaction = إجراء
services-kind-channel = قناة تواصل
services-department = الإدارة المسؤولة
services-icon = الأيقونة
services-sort = الترتيب
services-active = تظهر للناس
services-clips = المقاطع المنشورة
services-back = كل الخدمات

signers-title = الموقّعون
signers-lead = من يظهر في المقاطع، وموافقته على النشر.
signers-add = أضف موقّعًا
signers-new = موقّع جديد
signers-edit = تعديل موقّع
signers-name = الاسم
signers-role = الصفة
signers-deaf-presenter = مقدّم أصم
signers-interpreter = مترجم إشارة
signers-language = لغة الإشارة
signers-consent = الموافقة
signers-consent-from = تسري من
signers-consent-until = تنتهي في
signers-consent-until-hint = اتركها فارغة إذا كانت بلا نهاية.
signers-valid = سارية
signers-valid-until = سارية حتى { $date }
signers-expired = انتهت
signers-missing = لا موافقة
signers-withdrawn = سُحبت
signers-withdraw = اسحب الموافقة
signers-withdraw-lead = تُسحب فورًا كل مقاطعه المنشورة. لا يمكن التراجع.
signers-withdraw-confirm = أؤكد أن صاحب المقاطع سحب موافقته
notice-signers-withdraw-done = سُحبت الموافقة، وسُحبت المقاطع التي يظهر فيها.
signers-confirm-needed = أكّد السحب أولًا.
signers-back = كل الموقّعين
signers-empty = لا موقّعين بعد
signers-empty-lead = أضف من يظهر في المقاطع مع موافقته.
signers-active = يظهر في القوائم

jobs-title = الأعمال
jobs-lead = ما يعمله النظام في الخلفية: المعالجة والمطابقة والإرسال.
jobs-filter = حالة الأعمال
jobs-filter-all = الكل
jobs-state-queued = ينتظر
jobs-state-running = يعمل
jobs-state-retry-at = يُعاد لاحقًا
jobs-state-succeeded = انتهى
jobs-state-dead = فشل
jobs-state-cancelled = أُلغي
jobs-kind = العمل
jobs-attempts = المحاولات
jobs-attempts-of = { $n } من { $max }
jobs-created = أُنشئ
jobs-error = الخطأ
jobs-retry = أعد المحاولة
jobs-discard = تخلّص منه
jobs-cancel = أوقفه
notice-jobs-retried = عاد العمل إلى القائمة.
notice-jobs-discarded = تخلّصنا من العمل.
notice-jobs-cancelled = أوقفنا العمل.
jobs-empty = لا أعمال بهذه الحالة
jobs-empty-lead = كل شيء يسير كما ينبغي.
jobs-more = اعرض أعمالًا أقدم
jobs-progress = تقدّم العمل

audit-title = السجل
audit-lead = من فعل ماذا ومتى. لا يُعدّل ولا يُحذف منه شيء.
audit-when = متى
audit-who = من
audit-what = ماذا
audit-subject = على
audit-detail = تفاصيل
audit-citizen = سائل
audit-channel = قناة
audit-system = النظام
audit-subject-find = رقم الشيء
audit-subject-hint = مثل clip_0192… أو question_0192…
audit-find = اعرض
audit-all = اعرض كل السجل
audit-empty = لا سجل لهذا الرقم
audit-bad-subject = الرقم غير مفهوم. انسخه كاملًا من صفحته.
audit-more = اعرض أقدم
audit-verify = تحقّق من سلامة السجل
audit-whole = السجل سليم كله.
audit-broken = السجل مكسور عند الصف { $seq }. أبلغ المشرف فورًا.

system-title = حالة النظام
system-version = الإصدار
system-ffmpeg = FFmpeg
system-database = قاعدة البيانات
system-schema = نسخة الجداول
system-storage = التخزين
system-free = المساحة الفارغة
system-free-of = { $free } من { $total }
system-cage = عزل المعالجة
system-cage-on = كل الجدران تعمل ({ $n })
system-cage-off = غير متاح في هذا النظام: { $walls }
system-index = فهرس البحث
system-index-behind =
    { $count ->
        [0] مطابق لقاعدة البيانات
        [one] متأخر بتغيير واحد
        [two] متأخر بتغييرين
        [few] متأخر بـ { $n } تغييرات
        [many] متأخر بـ { $n } تغييرًا
       *[other] متأخر بـ { $n } تغيير
    }
system-model = نموذج المعاني
system-model-on = متاح، وعدد الإجابات المعروفة معانيها { $n }
system-model-waiting = قيد التحميل
system-model-off = غير متاح، والمطابقة بالكلمات وحدها: { $reason }
system-workers = العمّال
system-jobs = الأعمال الفاشلة
system-unknown = غير معروف
services-no-department = اختر الإدارة المسؤولة.
system-part = الجزء
