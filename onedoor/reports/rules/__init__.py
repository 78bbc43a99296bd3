"""The rules of reports: their form, how one is put into words, how one is read."""
