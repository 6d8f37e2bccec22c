"""Agents as a person sees them: cards, the form, what is tried beside it, versions, taking away and bringing in."""
