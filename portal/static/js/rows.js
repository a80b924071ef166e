// A click anywhere on a row of a register follows the first link of that row.
(function () {
  "use strict";

  const OWN = "a, button, input, select, textarea, label, summary";

  function follow(event) {
    const row = event.target.closest("table[data-rows] tbody tr");
    if (!row || event.target.closest(OWN) || String(window.getSelection())) return;
    const link = row.querySelector("a[href]");
    if (!link) return;
    if (event.ctrlKey || event.metaKey || event.button === 1) window.open(link.href, "_blank", "noopener");
    else if (event.button === 0) link.click();
  }

  document.addEventListener("click", follow);
  document.addEventListener("auxclick", follow);
})();
