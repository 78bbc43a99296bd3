"""A consistent copy of database and files, and its way back (备份 Backup、恢复 Restore).

A backup is a folder: the database's parts, ``files/`` by content, and a manifest that is written
last and signed. Without its manifest a folder is no backup. Keys stay out unless asked for.
"""
