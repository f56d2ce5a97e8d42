"""Copies of uploaded files with one more column that says what is wrong, each in its own format and encoding.

Run as a child process of its own (`python -m workers.annotated`), because files of strangers are never parsed where
pages are served. One module per format that is written; reading is that of workers.formats.
"""
