"""Skills as a person sees them: cards, one skill from inside, the editor, bringing some in."""
