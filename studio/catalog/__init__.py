"""The catalog: one SQLite file that holds every fact and every decision about a dataset's pictures."""

from studio.catalog.catalog import Catalog
from studio.catalog.query import Query
from studio.catalog.record import Change, Flag, Group, GroupMember, Job, Picture

__all__ = ["Catalog", "Change", "Flag", "Group", "GroupMember", "Job", "Picture", "Query"]
