# Home, services, search, clips, privacy.
home-title = Your answer in sign
home-your-answer = Your answer
home-in-sign = in sign
home-lead = Civil affairs services, explained to you in sign language.
home-newest-watch = Watch
home-newest-one = Newest answer
home-topics = Choose your topic
home-newest = Newest answers
home-awareness-watch = Watch the notice
home-aware = Short awareness clips
home-ask = No answer yet? Ask us
promise-median = We answer half of the questions within
promise-day = 24 hours
promise-day-label = We answer your question within
promise-waiting = { $count ->
    [0] No questions
    [one] { $n } question
   *[other] { $n } questions
}
promise-waiting-label = Waiting for an answer now
promise-review = a deaf reviewer and the department
promise-review-label = Before publication, every answer is checked by
way-record = Record in sign
way-record-hint = Open the camera and sign your question
way-upload = Upload a clip
way-upload-hint = From your phone, up to 90 seconds
way-write = Write your question
way-write-hint = In your words; spelling does not matter
way-topics = Choose by picture
way-topics-hint = Topics with a picture and a sign
service-list = Services
service-answers = Answers
service-empty = No signed answer yet
service-empty-next = Ask us now, and we will answer you in sign.
search-all = All
search-title = Find an answer
search-label = Search words
search-example = Example: هوية ضائعة
search-button = Search
search-total = { $count ->
    [0] No results
    [one] We found { $n } answer.
   *[other] We found { $n } answers. The closest comes first.
}
search-filter = Narrow down
search-none = No signed answer yet
search-none-next = Ask us now, and we will film the answer for you.
search-or-topic = Or choose a topic
search-results = Results
search-best = Closest answer
search-watch-line = Watch from this sentence
search-other = Not your answer?
search-other-text = Ask in sign, and a member of staff answers you in sign.
starts-at = Starts at
finder-found = Answers close to your words
finder-private = Do not write an ID, phone or account number here. Remove it, then search.
clip-approved = Approved
clip-sample = Sample
clip-understood = Did you understand the answer?
understood-yes = I understood
understood-no = I did not
clip-related = Related answers
series-of = Steps: { $title }
series-here = Step { $n } of { $total }
series-next = Next step
series-last = This is the last step
clip-facts = About this clip
fact-fees = Fees
fact-deadline = Deadline
fact-as-of = As of { $date }
fact-signer = Signer
fact-owner = Approved by
fact-published = Published
fact-review-by = Checked again by
fact-sign-language = Sign language
clip-share = Share
clip-shared = Link copied
clip-save = Save for later
clip-saved = Saved here
clip-card = Card with a QR code
clip-print = Print the text
card-scan = Point your phone's camera at the code to watch the answer in sign.
card-qr = QR code that opens the clip's page
card-back = The clip's page
card-print = Print the card
saved-title = Saved clips
saved-services = Services that work without a network
saved-lead = This list is on your device only; we do not see it.
saved-needs-script = This list needs JavaScript in the browser.
saved-none = No saved clips yet
saved-none-next = Open an answer, then press "Save for later".
saved-remove = Remove from the list
app-name = Ishara: civil affairs in sign language
feed-title = Ishara: newest clips
keep-service = Keep this service on the device
keep-done = Kept; works without internet
keep-busy = Keeping it now:
keep-failed = Not kept. Try again.
next-absher = Open Absher
next-appointment = Book an appointment
next-office = Find the nearest office
next-taqdeer = Ask for the Taqdeer service
next-tahseen = Send your remark through Tahseen
next-ashsher = Ask for a sign interpreter (Ashsher)
news-replaces = This is a newer answer
news-replaces-text = The old answer has changed. This is the new one.
news-review = This answer is being checked
news-review-text = Its review is due, and it may change.
news-changed = This answer was updated
news-changed-on = Last update: { $date }.
gone-title = This answer was taken back
gone-text = Its information changed. Here are the answers of the same service now, or ask us.
gone-others = The service's answers now
since-title = Something changed since your last visit
since-count = New or updated answers:
since-new = New
since-changed = Updated
clip-keep = Keep the clip ({ $size })
notice-thanks = Thank you.
notice-unclear = Thank you for telling us. Watch at a slower speed, read the text, or ask us.
privacy-title = How we protect your privacy
privacy-lead = Your question is yours. Only the team that answers you sees it.
privacy-question = We encrypt your question. We delete its full text 90 days after it arrived, or after the last signed clip in it.
privacy-mask = We hide ID, mobile and IBAN numbers. Only the person who works on your question or a supervisor can open them, and we record it.
privacy-video = We never publish your video. We delete it 90 days after the last signed clip in your question.
privacy-code = We never ask for a verification code or password. If you write one, we delete it at once.
privacy-search = We do not keep your search words.
privacy-cookies = On your device we keep what you chose: language, colours, saved clips, and your recording until it reaches us. No tracking, no advertising.
answers = { $count ->
    [0] No answers yet
    [one] { $n } answer
   *[other] { $n } answers
}
sign-language-sdl = Saudi Sign Language
sign-language-ase = American Sign Language
sign-language-jos = Jordanian Sign Language
