## بيت العمل: ما تشترك فيه صفحات الموظفين

staff-save = احفظ
staff-back = عُد
staff-cancel = ألغِ
staff-reason-hint = يُحفظ في السجل.
notice-saved = حُفظ التعديل.
staff-actions = إجراء
staff-state = الحالة
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
notice-password-changed = تغيّرت كلمة المرور، وانتهت جلساتك الأخرى.

staff-choose = اختر
staff-none = غير محدد
