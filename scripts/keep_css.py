"""Keeps of a style sheet what a page of known classes can use, for `vendor_assets.py`."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*)")
NEGATION = re.compile(r":not\([^()]*\)")
VARIABLE = re.compile(r"var\(\s*(--[\w-]+)")
#: The kit's own themes and the marks of its scripts: the portal has themes of its own, and none of the scripts.
FOREIGN = re.compile(r"\[data-(?:bs-|tabler|vc|theme)")


@dataclass
class Rule:
    """A prelude with its declarations or inner rules; `body` is None for a statement such as @charset."""

    prelude: str
    body: str | None
    inner: list["Rule"] = field(default_factory=list)

    @property
    def nests(self) -> bool:
        return self.prelude.startswith(("@media", "@supports", "@layer", "@container"))


def kept(sheet: str, classes: Iterable[str], used_elsewhere: str) -> str:
    """The sheet without the rules of other classes, and without the variables that nothing reads.

    Args:
        classes: the names that the templates use.
        used_elsewhere: the sheets that follow this one, whose variables must stay.
    """
    banner = re.match(r"\s*(?:@charset [^;]+;)?\s*(/\*!.*?\*/)", sheet, re.S)
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    rules = list(_reached(_rules(bare), frozenset(classes)))
    read = _read(rules, used_elsewhere)
    text = "\n".join(filter(None, (_written(rule, read) for rule in rules)))
    moves = {rule.prelude.split()[1] for rule in rules if rule.prelude.startswith("@keyframes")}
    lost = {name for name in moves if not re.search(rf"animation[^;}}]*\b{re.escape(name)}\b", text)}
    text = "\n".join(
        line
        for line in text.splitlines()
        if not any(line.startswith(f"@keyframes {name}{{") for name in lost)
    )
    return (banner.group(1) + "\n" if banner else "") + text + "\n"


def _rules(text: str) -> Iterator[Rule]:
    """The rules of a sheet or of a nesting at-rule, in order."""
    place = 0
    while place < len(text):
        end = _end(text, place, ";{")
        prelude = text[place:end].strip()
        if end >= len(text):
            return
        if text[end] == ";":
            yield Rule(prelude, None)
            place = end + 1
            continue
        close = _end(text, end + 1, "}")
        rule = Rule(prelude, text[end + 1 : close])
        if rule.nests:
            rule.inner = list(_rules(rule.body or ""))
        yield rule
        place = close + 1


def _end(text: str, place: int, marks: str) -> int:
    """Where the first of the marks stands outside quotes, brackets and inner blocks."""
    depth, quote = 0, ""
    while place < len(text):
        sign = text[place]
        if sign == "\\":
            place += 1
        elif quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif depth == 0 and sign in marks:
            return place
        elif sign in "([{":
            depth += 1
        elif sign in ")]}":
            depth -= 1
        place += 1
    return place


def _split(text: str, mark: str) -> list[str]:
    parts, place = [], 0
    while place <= len(text):
        end = _end(text, place, mark)
        parts.append(text[place:end].strip())
        place = end + 1
    return [part for part in parts if part]


def _reached(rules: Iterable[Rule], classes: frozenset[str]) -> Iterator[Rule]:
    """The rules that some element of the portal can meet, each with those of its selectors alone."""
    for rule in rules:
        if rule.nests:
            inner = list(_reached(rule.inner, classes))
            if inner:
                yield Rule(rule.prelude, rule.body, inner)
        elif rule.body is None or rule.prelude.startswith("@"):
            if not rule.prelude.startswith("@charset"):
                yield rule
        elif chosen := [one for one in _split(rule.prelude, ",") if _meets(one, classes)]:
            yield Rule(",".join(chosen), rule.body)


def _meets(selector: str, classes: frozenset[str]) -> bool:
    if FOREIGN.search(selector):
        return False
    return set(CLASS.findall(NEGATION.sub("", selector))) <= classes


def _declarations(rule: Rule) -> list[tuple[str, str]]:
    pairs = (one.partition(":") for one in _split(rule.body or "", ";"))
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def _read(rules: Iterable[Rule], used_elsewhere: str) -> set[str]:
    """The variables that a kept property reads, at once or through another variable."""
    behind: dict[str, set[str]] = {}
    read = set(VARIABLE.findall(used_elsewhere))
    for rule in _flat(rules):
        for name, value in _declarations(rule):
            found = set(VARIABLE.findall(value))
            if name.startswith("--"):
                behind.setdefault(name, set()).update(found)
            else:
                read |= found
    waiting = list(read)
    while waiting:
        for name in behind.get(waiting.pop(), set()) - read:
            read.add(name)
            waiting.append(name)
    return read


def _flat(rules: Iterable[Rule]) -> Iterator[Rule]:
    for rule in rules:
        if rule.nests:
            yield from _flat(rule.inner)
        elif rule.body is not None and not rule.prelude.startswith("@keyframes"):
            yield rule


def _written(rule: Rule, read: set[str]) -> str:
    if rule.body is None:
        return rule.prelude + ";"
    if rule.nests:
        inner = "".join(_written(one, read) for one in rule.inner)
        return f"{rule.prelude}{{{inner}}}" if inner else ""
    if rule.prelude.startswith("@"):
        return f"{rule.prelude}{{{rule.body}}}"
    said = [
        f"{name}:{value}" for name, value in _declarations(rule) if not name.startswith("--") or name in read
    ]
    return f"{rule.prelude}{{{';'.join(said)}}}" if said else ""
