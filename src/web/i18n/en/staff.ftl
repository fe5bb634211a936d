## The house of work: what all staff pages share

staff-house = Staff
staff-nav = Staff sections
staff-nav-desk = Desk
staff-nav-approvals = Reply approvals
staff-nav-studio = Studio
staff-nav-admin = Administration
staff-account = My account
staff-sign-out = Sign out
staff-save = Save
staff-open = Open
staff-back = Back
staff-cancel = Cancel
staff-choose = Choose
staff-none = Nothing
staff-optional = optional
staff-yes = Yes
staff-no = No
staff-reason = Reason
staff-reason-hint = It is kept in the record.
staff-saved = Your change is saved.
staff-actions = Action
staff-state = State
staff-more = More
staff-errors =
    { $count ->
        [one] There is one error in the form
       *[other] There are { $n } errors in the form
    }
staff-made-by = { $name }
staff-former = former staff
staff-system = the system

login-title = Sign in
login-lead = This page is for staff. Nobody needs an account to ask a question.
login-email = E-mail address
login-password = Password
login-enter = Sign in
login-wrong = The e-mail address or the password is not right. Check both and try again.
login-busy = Many people are signing in. Try again in a few seconds.
login-forgot = Forgot your password? Ask an administrator for a new one.
login-out = You are signed out.
login-first = Sign in to open this page.

password-title = Change password
password-old = Current password
password-new = New password
password-new-hint = At least 12 characters. A sentence that you remember beats symbols.
password-again = New password again
password-change = Change password
password-wrong = The current password is not right.
password-differ = The two new passwords differ. Write them again.
password-changed = Your password is changed, and your other sessions have ended.

role-producer = Producer
role-linguistic-reviewer = Signing reviewer
role-department-reviewer = Department reviewer
role-agent = Agent
role-supervisor = Supervisor
role-administrator = Administrator
role-auditor = Auditor
