# Error pages.
error-home = الصفحة الرئيسية
error-search = ابحث عن إجابة
error-number = رقم الطلب:
error-title-400 = لم نفهم الطلب
error-title-401 = سجّل الدخول أولًا
error-title-403 = هذه الصفحة ليست متاحة لك
error-title-404 = لم نجد هذه الصفحة
error-title-409 = تغيّرت الصفحة. افتحها من جديد.
error-title-410 = أُزيلت هذه الصفحة
error-title-413 = ما أرسلته كبير جدًا
error-title-422 = صحّح هذا أولًا
error-title-429 = طلبات كثيرة في وقت قصير
error-title-500 = حدث خطأ عندنا
error-title-503 = الخدمة مشغولة الآن
