## بيت العمل: ما تشترك فيه صفحات الموظفين

staff-house = بيت العمل
staff-nav = أقسام العمل
staff-nav-desk = المكتب
staff-nav-approvals = اعتماد الردود
staff-nav-studio = الاستوديو
staff-nav-admin = الإدارة
staff-account = حسابي
staff-sign-out = اخرج
staff-save = احفظ
staff-open = افتح
staff-back = عُد
staff-cancel = ألغِ
staff-choose = اختر
staff-none = لا شيء
staff-optional = اختياري
staff-yes = نعم
staff-no = لا
staff-reason = السبب
staff-reason-hint = يُحفظ في السجل.
staff-saved = حُفظ التعديل.
staff-actions = إجراء
staff-state = الحالة
staff-more = المزيد
staff-errors =
    { $count ->
        [one] في النموذج خطأ واحد
        [two] في النموذج خطآن
        [few] في النموذج { $n } أخطاء
        [many] في النموذج { $n } خطأً
       *[other] في النموذج { $n } خطأ
    }
staff-made-by = { $name }
staff-former = موظف سابق
staff-system = النظام

login-title = تسجيل الدخول
login-lead = هذه الصفحة لفريق العمل. السائل لا يحتاج إلى حساب.
login-email = البريد الإلكتروني
login-password = كلمة المرور
login-enter = ادخل
login-wrong = البريد أو كلمة المرور غير صحيحين. تحقّق منهما وأعد المحاولة.
login-busy = كثيرون يدخلون الآن. أعد المحاولة بعد ثوانٍ.
login-forgot = نسيت كلمة المرور؟ اطلب من مدير النظام كلمة جديدة.
login-out = خرجت من حسابك.
login-first = سجّل الدخول لتفتح هذه الصفحة.

password-title = تغيير كلمة المرور
password-old = كلمة المرور الحالية
password-new = كلمة المرور الجديدة
password-new-hint = ١٢ حرفًا على الأقل. جملة تحفظها أفضل من رموز.
password-again = كلمة المرور الجديدة مرة أخرى
password-change = غيّر كلمة المرور
password-wrong = كلمة المرور الحالية غير صحيحة.
password-differ = الكلمتان الجديدتان مختلفتان. اكتبهما مرة أخرى.
password-changed = تغيّرت كلمة المرور، وانتهت جلساتك الأخرى.

role-producer = منتج
role-linguistic-reviewer = مراجع الإشارة
role-department-reviewer = مراجع الإدارة
role-agent = موظف الردود
role-supervisor = مشرف
role-administrator = مدير النظام
role-auditor = مدقّق
