"""What may be done with people, roles and tokens; what was answered, and what was tried."""

from onedoor.accounts.services.answering import answer_once, forget_answers
from onedoor.accounts.services.attempts import (
    count_attempt,
    forget_attempts,
    forget_old_attempts,
    forgive_attempt,
)
from onedoor.accounts.services.passwords import (
    add_administrator,
    change_password,
    forget_authenticator,
    give_password,
    lift_lock,
)
from onedoor.accounts.services.posts import (
    add_person,
    appoint,
    delegate,
    end_delegation,
    end_role,
    give_role,
)
from onedoor.accounts.services.tokens import issue_token, revoke_token

__all__ = [
    "add_administrator",
    "add_person",
    "answer_once",
    "appoint",
    "change_password",
    "count_attempt",
    "delegate",
    "end_delegation",
    "end_role",
    "forget_answers",
    "forget_attempts",
    "forget_authenticator",
    "forget_old_attempts",
    "forgive_attempt",
    "give_password",
    "give_role",
    "issue_token",
    "lift_lock",
    "revoke_token",
]
