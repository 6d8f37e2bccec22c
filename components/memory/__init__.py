"""What is remembered, drawn: facts and their stories, what is recalled, how memory is wanted."""
