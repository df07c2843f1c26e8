"""Floor 3: the engine. Access, store, plan and apply, pull and reconcile, ledger and drafts."""
