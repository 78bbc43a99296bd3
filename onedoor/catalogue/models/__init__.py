"""Items, their versions and materials; divisions; the names lists give to units."""

from onedoor.catalogue.models.checks import known
from onedoor.catalogue.models.directory import BasicItem, Division, ListedUnit
from onedoor.catalogue.models.finding import Alias, MissedQuestion, SearchDoc, Shelf
from onedoor.catalogue.models.items import Item, StateOrder
from onedoor.catalogue.models.materials import GuideFile, Material, Reduction
from onedoor.catalogue.models.packages import Package, PackageMember
from onedoor.catalogue.models.transfers import TransferBatch, TransferItem
from onedoor.catalogue.models.versions import LICENCE_TYPE, ItemVersion
from onedoor.catalogue.models.watching import GuideCheck, GuideReport, LinkProbe, ProbeNight

__all__ = [
    "LICENCE_TYPE",
    "Alias",
    "BasicItem",
    "Division",
    "GuideCheck",
    "GuideFile",
    "GuideReport",
    "Item",
    "ItemVersion",
    "LinkProbe",
    "ListedUnit",
    "Material",
    "MissedQuestion",
    "Package",
    "PackageMember",
    "ProbeNight",
    "Reduction",
    "SearchDoc",
    "Shelf",
    "StateOrder",
    "TransferBatch",
    "TransferItem",
    "known",
]
