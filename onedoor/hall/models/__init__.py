"""The hall as it is set up, when it is open, its appointments, and the tickets of its days."""

from onedoor.hall.models.booking import Booker, Booking, Places
from onedoor.hall.models.kiosks import Block, Kiosk
from onedoor.hall.models.opening import Break, OpeningSpan, SpecialOpening, WindowDuty
from onedoor.hall.models.setting import Group, GroupUnit, Hall, Skill, Window, Zone
from onedoor.hall.models.tickets import Ticket, TicketCase

__all__ = [
    "Block",
    "Booker",
    "Booking",
    "Break",
    "Group",
    "GroupUnit",
    "Hall",
    "Kiosk",
    "OpeningSpan",
    "Places",
    "Skill",
    "SpecialOpening",
    "Ticket",
    "TicketCase",
    "Window",
    "WindowDuty",
    "Zone",
]
