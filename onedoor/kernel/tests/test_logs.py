"""What stays out of the log."""

import logging

import pytest

from onedoor.kernel.logs import WithoutTokens


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/c/0123456789abcdef0123456789abcdef/answer/", "/c/…/answer/"),
        ("/a/0123456789abcdef/", "/a/…/"),
        ("/m/0123456789abcdef/", "/m/…/"),
        ("/api/v1/submissions/0123456789abcdef", "/api/v1/submissions/…"),
        ("/inbox/53250200220260306000010/", "/inbox/53250200220260306000010/"),
    ],
)
def test_an_address_that_opens_a_case_is_not_written_out(path, told):
    record = logging.LogRecord("x", logging.WARNING, "", 0, "%s: %s", ("Not Found", path), None)

    assert WithoutTokens().filter(record)

    assert record.getMessage() == f"Not Found: {told}"
