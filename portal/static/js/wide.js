// A table wider than its place scrolls inside it, at the price of its sticky header.
(function () {
  "use strict";

  const watch = new ResizeObserver(function (entries) {
    entries.forEach(function (entry) { fit(entry.target); });
  });

  function fit(frame) {
    const table = frame.querySelector("table");
    if (table) frame.classList.toggle("rp-too-wide", table.offsetWidth > frame.clientWidth + 1);
  }

  function watchAll() {
    document.querySelectorAll(".rp-table-frame").forEach(function (frame) { watch.observe(frame); });
  }

  document.addEventListener("htmx:afterSettle", watchAll);
  document.addEventListener("htmx:after:settle", watchAll);
  watchAll();
})();
