notice-thanks = Thank you.
privacy-title = How we protect your privacy
privacy-lead = Your question is yours. Only the person who answers you sees it.
privacy-question = We encrypt your question and delete the full text when the case ends.
privacy-mask = We hide ID, mobile and IBAN numbers before anyone reads the question.
privacy-video = Your video is never published, and is deleted after 90 days.
privacy-code = We never ask for a verification code or password. If you write one, we delete it at once.
privacy-search = We do not keep your search words.
privacy-cookies = On your device we keep only the language and the colours. No tracking, no advertising.
answers = { $count ->
    [0] No answers yet
    [one] { $n } answer
   *[other] { $n } answers
}
