"""axe's rule on contrast, asked once for what looks alike: it takes two thirds of axe's time, on words seen before.

What axe found good is not asked again where element, ground and letters are the same; what it could not judge is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

#: Each visible element with words of its own, as all that its contrast depends on: its letters, and its grounds.
LOOKS = """() => {
    const grounds = new Map([[null, ""]]);
    const ground = element => {
        if (!grounds.has(element)) {
            const style = getComputedStyle(element);
            grounds.set(element, ground(element.parentElement) + ">" + [element.tagName, element.className,
                style.backgroundColor, style.backgroundImage, style.opacity, style.position].join(";"));
        }
        return grounds.get(element);
    };
    const worded = element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
    window.judgeable = [...document.body.querySelectorAll("*")].filter(
        element => (worded(element) || element.matches("input, select, textarea")) && element.checkVisibility());
    return judgeable.map(element => {
        const style = getComputedStyle(element);
        return [style.color, style.fontSize, style.fontWeight, style.textShadow, ground(element)].join("|");
    }); }"""

#: What axe says of some of them: the faults in words, and the places of those that are good.
JUDGE = """async places => {
    const said = await axe.run({include: places.map(place => judgeable[place])}, {runOnly: ["color-contrast"],
        resultTypes: ["violations", "passes"], elementRef: true});
    const good = new Set(said.passes.flatMap(rule => rule.nodes.map(node => node.element)));
    return [said.violations.flatMap(rule => rule.nodes.map(node =>
            `${rule.id} at ${node.target}: ${node.failureSummary.split("\\n")[1] || ""}`)),
        places.filter(place => good.has(judgeable[place]))]; }"""


@dataclass
class Judged:
    """The looks that axe found good so far."""

    good: set[str] = field(default_factory=set)

    def faults(self, page: Page) -> list[str]:
        """What axe finds wrong with the colours of a page, as it is worn now; `axe` must be there."""
        looks: list[str] = page.evaluate(LOOKS)
        unseen = {look: place for place, look in reversed(list(enumerate(looks))) if look not in self.good}
        if not unseen:
            return []
        faults, good = page.evaluate(JUDGE, sorted(unseen.values()))
        self.good |= {looks[place] for place in good}
        return list(faults)
