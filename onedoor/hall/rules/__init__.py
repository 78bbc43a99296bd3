"""What holds in the hall: words, the steps of a ticket, the order of calling, its replay."""
