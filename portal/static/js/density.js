// The density of rows, kept on the device of the officer.
(function () {
  "use strict";

  const KEY = "portal.density";
  const root = document.documentElement;

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
  root.dataset.density = remembered() || "normal";
  show();
})();
