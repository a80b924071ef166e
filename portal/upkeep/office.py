"""Checks of what the office has written: registers, trail, profiles, deadlines, mail, calendars, posts."""

from __future__ import annotations

from datetime import timedelta

from portal.demo import draws
from portal.store import ailments, lease, officers
from portal.upkeep import proof
from portal.upkeep.check import WARNING, Check, Found, Patient, fault, good, unless, warning

#: How long a message may wait for the minute's round of the outbox.
PATIENCE = timedelta(minutes=15)
#: Failed attempts after which a message will hardly be sent without help.
HOPELESS = 5
#: From this month on the calendar of next year must be there: limits reach into it.
OCTOBER = 10
SKEW = timedelta(seconds=2)


def accounts(patient: Patient) -> Found:
    if not patient.environment.production:
        return good("a demonstration is welcome outside production")
    if found := officers.demonstration_accounts():
        return fault(f"{found} demonstration accounts")
    return fault("a demonstration fixed the random draws") if draws.foreseeable() else good("none")


def administrators(patient: Patient) -> Found:
    missing = ailments.without_administrator(patient.at.date())
    return unless((f"{code} has none" for code in missing), "each has one, at itself or above")


def coordination(patient: Patient) -> Found:
    return unless((f"{code} has none" for code in ailments.without_coordination()), "each has one", WARNING)


def scheduler(patient: Patient) -> Found:
    free = lease.free_for(lease.SCHEDULER)
    if free is None:
        return good("one process leads")
    return fault(
        "none has led" + (f" for {free}" if free < timedelta(days=365) else ", ever or since it was stopped")
    )


def waiting(patient: Patient) -> Found:
    count = ailments.overdue_messages(patient.at - PATIENCE)
    return fault(f"{count} messages wait for more than {PATIENCE}") if count else good("none waits")


def failed(patient: Patient) -> Found:
    count, most = ailments.failed_messages()
    if not count:
        return good("none has failed")
    words = f"{count} messages failed, one of them {most} times"
    return fault(words) if most >= HOPELESS else warning(words)


def registers(patient: Patient) -> Found:
    return unless(proof.registers(), "all are continuous and true")


def chains(patient: Patient) -> Found:
    return unless(proof.chains(), "all are whole")


def checkpoints(patient: Patient) -> Found:
    return unless(proof.checkpoints(), "all are signed, and follow each other")


def versions(patient: Patient) -> Found:
    return unless(ailments.two_in_force(), "one version under each number")


def published(patient: Patient) -> Found:
    return unless(ailments.published_otherwise(), "the directory says what the documents say")


def clocked(patient: Patient) -> Found:
    return unless(ailments.unclocked(), "every limit has its end")


def clocks(patient: Patient) -> Found:
    latest = ailments.latest_entry()
    if latest is not None and latest > patient.at + SKEW:
        return fault(f"the trail has an entry of {latest:%Y-%m-%d %H:%M:%S} UTC, which is to come")
    apart = abs(lease.database_now() - patient.at)
    return (
        fault(f"the database is {apart} apart")
        if apart > SKEW + timedelta(seconds=30)
        else good("they agree")
    )


def calendars(patient: Patient) -> Found:
    this = patient.at.year
    if missing := ailments.without_calendar(this):
        return fault(f"{this} is missing for {', '.join(missing)}")
    missing = ailments.without_calendar(this + 1)
    words = f"{this + 1} is missing for {', '.join(missing)}"
    if not missing:
        return good(f"{this} and {this + 1} are there")
    return fault(words) if patient.at.month >= OCTOBER else warning(words)


CHECKS = (
    Check(
        "accounts.demonstration",
        "In production there are no demonstration accounts, and no draws that a demonstration has fixed.",
        "Use a database and a data folder of their own.",
        accounts,
    ),
    Check(
        "posts.administrators",
        "Every authority has an administrator, at itself or above.",
        "`flask users add --authority CODE`.",
        administrators,
    ),
    Check(
        "posts.coordination",
        "Every authority that keeps registers has a coordination unit.",
        "Found one: without it nothing of the authority can be registered.",
        coordination,
    ),
    Check(
        "scheduler.leads",
        "A scheduler holds its lease.",
        "Start `flask scheduler`; read its log. Alerts and mail are late, and none is lost.",
        scheduler,
    ),
    Check(
        "mail.waiting",
        "No message waits longer than a quarter of an hour for its first attempt.",
        "See that the scheduler runs and is not busy with something else.",
        waiting,
    ),
    Check(
        "mail.failed",
        f"No message has failed; after {HOPELESS} attempts it is a fault.",
        "Read `last_error` in the log and mend the mail server or the address.",
        failed,
    ),
    Check(
        "registers.whole",
        "Registers are continuous, and their lines agree with the documents.",
        "`flask registers verify` names the lines. Go read-only and compare with the last backup.",
        registers,
    ),
    Check(
        "audit.whole",
        "Every chain of the audit trail is whole.",
        "`flask audit verify` names the entry. Go read-only, keep the database as evidence, compare with a backup.",
        chains,
    ),
    Check(
        "audit.checkpoints",
        "Every checkpoint of the audit trail has its signature, and what it sealed last still stands.",
        "Keep the database as evidence; hold the trail against the copies that others received (`docs/audit.md`).",
        checkpoints,
    ),
    Check(
        "profiles.one_version",
        "One version of a profile is in force under a number.",
        "Something wrote past the portal. Find which version was registered last; cancel the other by an act.",
        versions,
    ),
    Check(
        "profiles.published",
        "The directory and the documents say the same about what is in force.",
        "Something wrote past the portal. Go read-only and compare with the last backup.",
        published,
    ),
    Check(
        "deadlines.clocked",
        "Every open stage under a limit has its due time.",
        "Something wrote past the portal: nobody is alerted of such a limit. Compare with the last backup.",
        clocked,
    ),
    Check(
        "clocks.agree",
        "The clock of this machine agrees with the database's and with what was written before.",
        "Set the clocks by one time server (NTP) on all machines, then restart the portal.",
        clocks,
    ),
    Check(
        "calendars.next_year",
        "The working calendars of this year and the next are there for every state; from October on it is a fault.",
        "Enter the days of the year, by the government's decree.",
        calendars,
    ),
)
