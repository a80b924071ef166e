"""The tables: columns and constraints, and nothing that decides."""

from portal.models.administration import AdministrationEntry, Proposal
from portal.models.audit import AuditCheckpoint, AuditEntry, AuditHead, DocumentRead
from portal.models.authority import Authority, Unit, ValueList
from portal.models.base import Base, HandedDown, HandedUp, Kept, Tenant
from portal.models.deadline import Alert, CalendarDay, Lease, OutboxMessage
from portal.models.document import Document, Draft, Profile
from portal.models.identity import Factor, OfficerSession, RecoveryCode
from portal.models.officer import Officer, Post, SignInFailure, SpentKey
from portal.models.procedure import JournalEntry, Remark, Revision, Signature, Stage, WorkshopUnit
from portal.models.publication import Publication, ReadReceipt
from portal.models.register import Register, RegisterEntry, RegisterNote
from portal.models.screening import BackTestRun, Check, Declaration, Hit, ImportBatch
from portal.models.union import RiskAnswer, RiskInformation, StateSummary

__all__ = [
    "AdministrationEntry",
    "Alert",
    "AuditCheckpoint",
    "AuditEntry",
    "AuditHead",
    "Authority",
    "BackTestRun",
    "Base",
    "CalendarDay",
    "Check",
    "Declaration",
    "Document",
    "DocumentRead",
    "Draft",
    "Factor",
    "HandedDown",
    "HandedUp",
    "Hit",
    "ImportBatch",
    "JournalEntry",
    "Kept",
    "Lease",
    "Officer",
    "OfficerSession",
    "OutboxMessage",
    "Post",
    "Profile",
    "Proposal",
    "Publication",
    "ReadReceipt",
    "RecoveryCode",
    "Register",
    "RegisterEntry",
    "RegisterNote",
    "Remark",
    "Revision",
    "RiskAnswer",
    "RiskInformation",
    "SignInFailure",
    "Signature",
    "SpentKey",
    "Stage",
    "StateSummary",
    "Tenant",
    "Unit",
    "ValueList",
    "WorkshopUnit",
]
