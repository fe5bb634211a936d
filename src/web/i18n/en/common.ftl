# Words of every page: names, navigation, dates, numbers.
brand = Ishara
brand-sub = Civil affairs in sign language
skip-to-content = Skip to the content
nav-sections = Sections
nav-home = Home
nav-answers = Answers
nav-my-question = My question
nav-ask = Ask in sign
language-switch = العربية
appearance = Display
appearance-colours = Page colours
appearance-system = Like my device
appearance-light = Light
appearance-dark = Dark
appearance-contrast = High contrast
appearance-digits = Digits
digits-arabic = Arabic
digits-latin = Latin (012)
appearance-save = Apply
sign-in = Staff sign-in
footer-name = The account for deaf and hard-of-hearing people
footer-promise = Everything here works in sign or in writing. No phone call is needed.
footer-links = Links
footer-help = Help
footer-privacy = Privacy
footer-status = Follow your question
footer-sample = The clips shown are samples in American Sign Language, not official answers.
footer-sample-source = Source:
footer-sample-licence = licensed under
footer-sample-changed = cut and adapted.
in-sign = In sign
signpop-title = The sentence in sign language
signpop-again = From the start
close = Close
errors-title = Correct this first
length = Length
page-previous = Previous
page-next = Next
pages = Pages of results
masked = hidden
staff-home = Staff house
staff-sections = Staff sections
staff-desk = Desk
staff-studio = Studio
staff-jobs = Jobs
staff-admin = Administration
staff-audit = Audit log
staff-public = Public site
staff-account = My account
sign-out = Sign out
role-producer = Producer
role-linguistic-reviewer = Sign reviewer
role-department-reviewer = Department reviewer
role-agent = Agent
role-supervisor = Supervisor
role-administrator = Administrator
role-auditor = Auditor

weekday-sunday = Sunday
weekday-monday = Monday
weekday-tuesday = Tuesday
weekday-wednesday = Wednesday
weekday-thursday = Thursday
weekday-friday = Friday
weekday-saturday = Saturday
hijri-muharram = Muharram
hijri-safar = Safar
hijri-rabi-1 = Rabi al-Awwal
hijri-rabi-2 = Rabi al-Akhir
hijri-jumada-1 = Jumada al-Ula
hijri-jumada-2 = Jumada al-Akhirah
hijri-rajab = Rajab
hijri-shaban = Shaban
hijri-ramadan = Ramadan
hijri-shawwal = Shawwal
hijri-qada = Dhu al-Qadah
hijri-hijja = Dhu al-Hijjah
hijri-era = AH
month-january = January
month-february = February
month-march = March
month-april = April
month-may = May
month-june = June
month-july = July
month-august = August
month-september = September
month-october = October
month-november = November
month-december = December
time-morning = { $time } am
time-evening = { $time } pm
day-today = Today, { $time }
day-yesterday = Yesterday, { $time }
day-tomorrow = Tomorrow, { $time }
day-other = { $date }, { $time }
ago = { $span } ago
span-and = { $first } and { $second }
span-moment = less than a minute
left-moment = less than a minute left
late-moment = due now
size-bytes = { $n } bytes
size-kb = { $n } kB
size-mb = { $n } MB
size-gb = { $n } GB
span-days = { $count ->
    [one] { $n } day
   *[other] { $n } days
}
span-hours = { $count ->
    [one] { $n } hour
   *[other] { $n } hours
}
span-minutes = { $count ->
    [one] { $n } minute
   *[other] { $n } minutes
}
left-days = { $count ->
    [one] { $n } day left
   *[other] { $n } days left
}
left-hours = { $count ->
    [one] { $n } hour left
   *[other] { $n } hours left
}
left-minutes = { $count ->
    [one] { $n } minute left
   *[other] { $n } minutes left
}
late-days = { $count ->
    [one] { $n } day late
   *[other] { $n } days late
}
late-hours = { $count ->
    [one] { $n } hour late
   *[other] { $n } hours late
}
late-minutes = { $count ->
    [one] { $n } minute late
   *[other] { $n } minutes late
}
