## The house of work: what all staff pages share

staff-save = Save
staff-back = Back
staff-cancel = Cancel
staff-reason-hint = It is kept in the record.
notice-saved = Your change is saved.
staff-actions = Action
staff-state = State
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
notice-password-changed = Your password is changed, and your other sessions have ended.

staff-choose = Choose
staff-none = Not given
