"""Who hears about what: the one table of subscriptions, timers and aggregates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from onedoor.accounts.services import forget_answers, forget_old_attempts
from onedoor.archive import subscribers as archive
from onedoor.archive.services import pack_waiting
from onedoor.calendar.events import CalendarChanged
from onedoor.cases import queries as cases_queries
from onedoor.cases import register as licences
from onedoor.cases import subscribers as cases
from onedoor.cases.events import (
    CaseMoved,
    LicenceEndAnnounced,
    LicenceEnded,
    LicenceEndServed,
    LicenceIssued,
)
from onedoor.cases.reconciling import reconcile_tonight
from onedoor.cases.services import forget_drafts, run_push_timers, run_timers, start_members
from onedoor.catalogue.services import apply_turns, check_guides, probe_links, take_over
from onedoor.citizens.events import AccountClosed
from onedoor.citizens.services import end_lapsed, forget_codes, forget_old_mail_codes
from onedoor.disclosure import subscribers as disclosure
from onedoor.disclosure.services import publish_due
from onedoor.feedback import subscribers as feedback
from onedoor.feedback.events import MatterMoved
from onedoor.hall import queries as hall_queries
from onedoor.hall import subscribers as hall
from onedoor.hall.services import (
    close_days,
    forget_bookings,
    forget_people,
    run_booking_timers,
    watch_breaks,
)
from onedoor.ledger.events import Event
from onedoor.ledger.mailing import mail_heads
from onedoor.ledger.queries import Aggregates
from onedoor.market.services import void_overdue
from onedoor.messages.services import send_waiting
from onedoor.papers import queries as papers_queries
from onedoor.papers.granting import Teller
from onedoor.rectification import queries as rectification_queries
from onedoor.rectification import services as rectification
from onedoor.rectification.ledgers.beside import Teller as SheetTeller
from onedoor.reports import ledgers as reports
from onedoor.seals.events import SealUsed

SUBSCRIPTIONS: dict[type[Event], tuple[Callable[..., None], ...]] = {
    CalendarChanged: (cases.on_calendar_changed,),
    LicenceIssued: (disclosure.on_licence_issued,),
    CaseMoved: (archive.on_case_moved, cases.on_case_moved),
    MatterMoved: (feedback.on_matter_moved,),
    AccountClosed: (hall.on_account_closed,),
    LicenceEnded: (archive.on_licence_ended,),
    LicenceEndAnnounced: (archive.on_licence_ended,),
    LicenceEndServed: (archive.on_licence_ended, cases.on_licence_end_served),
    SealUsed: (archive.on_seal_used,),
}

TIMERS: tuple[Callable[..., Any], ...] = (
    take_over,
    apply_turns,
    run_timers,
    rectification.run_timers,
    rectification.make_parts,
    start_members,
    run_push_timers,
    reconcile_tonight,
    void_overdue,
    publish_due,
    close_days,
    forget_people,
    run_booking_timers,
    watch_breaks,
    forget_bookings,
    pack_waiting,
    send_waiting,
    forget_drafts,
    forget_codes,
    forget_old_mail_codes,
    end_lapsed,
    forget_answers,
    forget_old_attempts,
    mail_heads,
    probe_links,
    check_guides,
)
"""What the worker does every round; each takes ``at`` and returns how much there was to do."""

AGGREGATES: tuple[Aggregates, ...] = (
    cases_queries.links,
    papers_queries.links,
    rectification_queries.links,
    hall_queries.links,
)
"""Rows that keep their own place in the ledger; verification compares them with their entries."""

GRANTS: tuple[Teller, ...] = (licences.granted_by,)
"""Who knows what a paper granted, and how that stands now."""

SHEETS: tuple[SheetTeller, ...] = (reports.tasks, reports.announcements)
"""Who keeps further ledgers of findings; the workbook has them after its own."""
