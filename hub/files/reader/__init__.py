"""Reading one file in a process of its own, with limits and without network: untrusted bytes in, text or pictures out.

It is started as a top-level package by `hub.files.read`, so that it loads neither the database nor anything else of the
hub; its modules therefore import each other relatively and only libraries besides.
"""
