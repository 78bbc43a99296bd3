"""The hall as it is set up, and the tickets of its days."""

from onedoor.hall.models.setting import Group, GroupUnit, Hall, Skill, Window, Zone
from onedoor.hall.models.tickets import Ticket, TicketCase

__all__ = ["Group", "GroupUnit", "Hall", "Skill", "Ticket", "TicketCase", "Window", "Zone"]
