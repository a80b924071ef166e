// The density of rows: as the officer wishes, until he chooses otherwise on this device.
(function () {
  "use strict";

  const root = document.documentElement;
  const wished = root.dataset.density || "normal";
  const KEY = "portal.density." + wished;

  function show() {
    const compact = root.dataset.density === "compact";
    document.querySelectorAll("button[data-density]").forEach(function (button) {
      button.hidden = false;
      button.setAttribute("aria-pressed", String(compact));
    });
  }

  function remembered() {
    try { return window.localStorage.getItem(KEY); } catch (refused) { return null; }
  }

  function remember(density) {
    try { window.localStorage.setItem(KEY, density); } catch (refused) { return; }
  }

  document.addEventListener("click", function (event) {
    if (!event.target.closest("button[data-density]")) return;
    root.dataset.density = root.dataset.density === "compact" ? "normal" : "compact";
    remember(root.dataset.density);
    show();
  });
  document.addEventListener("htmx:afterSettle", show);
  root.dataset.density = remembered() || wished;
  show();
})();
