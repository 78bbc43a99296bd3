"""Files: a content-addressed store for what people hand in (文件), and the copies we serve.

StoredFile 文件. The original is kept encrypted, under the digest of its content, and never changed;
what is served is a copy made from it, without metadata. Who may read a file is decided by the app
that holds it.
"""
