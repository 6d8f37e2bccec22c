"""The whole database as one file, and back.

`sealed` makes a stream of bytes into a file that cannot be cut, changed or read unnoticed; `records` is what the stream
says; `source` reads the database as it is at one moment; `save` and `load` are the two ways; `gate` holds off processes
while a database is half restored.
"""
