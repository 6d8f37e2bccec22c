"""What the documents page draws with: words, forms and dialogs of collections and documents."""
