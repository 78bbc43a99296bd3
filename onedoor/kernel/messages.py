"""The numbers people read out on the phone, beside the codes programs read.

``E…`` are the numbers of the message catalogue; a code without one is shown by itself.
"""

E_NUMBERS: dict[str, str] = {
    "id.length": "E101",
    "id.wrong": "E102",
    "credit_code.wrong": "E105",
    "phone.wrong": "E106",
    "accounts.locked_out": "E110",
    "form.required": "E201",
    "form.too_long": "E205",
    "file.too_large": "E221",
    "file.wrong_type": "E222",
    "file.empty": "E223",
    "file.encrypted": "E225",
    "file.virus": "E226",
    "feedback.rated": "E910",
    "case.changed_meanwhile": "E402",
    "case.notice_given": "E411",
    "case.not_judged": "E406",
    "page.not_allowed": "E901",
    "page.not_found": "E902",
    "request.too_often": "E904",
    "server.error": "E905",
    "form.expired": "E909",
}
