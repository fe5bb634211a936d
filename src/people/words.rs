//! What people are told when an account, department or password is refused.

use super::{AccountProblem, DepartmentProblem, WeakPassword};
use crate::refusal::{Refusal, RefusalKind};

impl From<AccountProblem> for Refusal {
    fn from(problem: AccountProblem) -> Self {
        let en = problem.to_string();
        match problem {
            AccountProblem::BadEmail => {
                Self::invalid("email", "account.bad_email", "هذا ليس بريدًا إلكترونيًا صحيحًا.", en)
            }
            AccountProblem::EmailTaken => {
                Self::invalid("email", "account.email_taken", "يوجد حساب بهذا البريد من قبل.", en)
            }
            AccountProblem::BadName => {
                Self::invalid("display_name", "account.bad_name", "اكتب الاسم، من حرف إلى ١٠٠ حرف.", en)
            }
            AccountProblem::NoDepartment => {
                Self::invalid("department", "account.no_department", "اختر إدارة لمراجع الإدارة.", en)
            }
            AccountProblem::LastAdministrator => {
                let ar = "هذا آخر مدير للنظام، ولا يمكن إيقافه أو تغيير دوره.";
                Self::new(RefusalKind::Conflict, "account.last_administrator", ar, en)
            }
            AccountProblem::Stale => Self::stale(),
        }
    }
}

impl From<DepartmentProblem> for Refusal {
    fn from(problem: DepartmentProblem) -> Self {
        let en = problem.to_string();
        match problem {
            DepartmentProblem::BadCode => {
                let ar = "الرمز من حرفين إلى ٤٠ حرفًا لاتينيًا أو رقمًا أو شرطة.";
                Self::invalid("code", "department.bad_code", ar, en)
            }
            DepartmentProblem::BadName => {
                Self::invalid("name_ar", "department.bad_name", "اكتب الاسم بالعربية وبالإنجليزية.", en)
            }
            DepartmentProblem::BadMinutes => {
                let ar = "مهلة الاعتماد من ١٥ دقيقة إلى ٣٠ يومًا.";
                Self::invalid("approval_minutes", "department.bad_minutes", ar, en)
            }
            DepartmentProblem::CodeTaken => {
                Self::invalid("code", "department.code_taken", "توجد إدارة بهذا الرمز من قبل.", en)
            }
            DepartmentProblem::Stale => Self::stale(),
        }
    }
}

impl From<WeakPassword> for Refusal {
    fn from(problem: WeakPassword) -> Self {
        let ar = match problem {
            WeakPassword::TooShort => "كلمة المرور ١٢ حرفًا على الأقل.",
            WeakPassword::TooLong => "كلمة المرور ٢٥٦ حرفًا على الأكثر.",
            WeakPassword::TooSimple => "اختر كلمة مرور يصعب تخمينها.",
        };
        Self::invalid("password", "password.weak", ar, problem.to_string())
    }
}
