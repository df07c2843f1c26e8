"""Google Drive v3, Sheets v4, Docs v1, sign-in and the Admin directory, as far as this product and gspread's suite use them.

Unmodified SDKs sign in and work. What is not implemented answers 501 in Google's error shape and says so in the log.
"""
