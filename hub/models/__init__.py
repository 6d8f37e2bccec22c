"""Models: how to reach them (connections), which there are (catalogue), and how to ask one (resolve, types).

A new provider is a row in `providers.py`. Every model, whatever leads to it, is a `types.ChatModel`.
"""
