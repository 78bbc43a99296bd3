"""Accounts of the public, the codes sent to them, and who may act for whom."""

from onedoor.citizens.models.accounts import Citizen, MailCode, PhoneCode, Reading
from onedoor.citizens.models.mandates import Mandate

__all__ = ["Citizen", "MailCode", "Mandate", "PhoneCode", "Reading"]
