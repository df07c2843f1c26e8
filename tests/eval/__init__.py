"""How good drafts are: generated people whose facts are known, and a judge that does not trust the program."""
