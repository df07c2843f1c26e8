"""Whether the rhythm is kept: what is due, who should be reminded, where little is known."""
