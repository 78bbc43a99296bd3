"""Pages of reports: the list, a report as it is published, a draft beside its source."""
