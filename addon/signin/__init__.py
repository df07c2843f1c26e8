"""Sign-in: by the company's own identity provider, or by a link that works once. Passwords are nobody's business here."""
