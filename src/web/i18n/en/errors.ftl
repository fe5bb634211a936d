# Error pages.
error-home = Home page
error-search = Find an answer
error-number = Request number:
error-title-400 = We could not read the request
error-title-401 = Sign in first
error-title-403 = This page is not open to you
error-title-404 = We did not find this page
error-title-409 = The page has changed. Open it again.
error-title-410 = This page was removed
error-title-413 = What you sent is too large
error-title-422 = Correct this first
error-title-429 = Too many requests in a short time
error-title-500 = Something went wrong on our side
error-title-503 = The service is busy at the moment
