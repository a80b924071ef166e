// Unsaved work is not left without a warning.
(function () {
  "use strict";

  const changed = new Set();

  function note(event) {
    const form = event.target.form;
    if (form && form.matches("[data-guard]")) changed.add(form);
  }

  // A form that came back with errors holds what was typed and is kept nowhere.
  function refused() {
    document.querySelectorAll("form[data-guard]:has(.rp-error-summary)").forEach(function (form) { changed.add(form); });
  }

  document.addEventListener("htmx:afterSettle", refused);
  refused();
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("submit", function (event) { changed.delete(event.target); });
  window.addEventListener("beforeunload", function (event) {
    const open = Array.from(changed).some(function (form) { return form.isConnected; });
    if (open) event.preventDefault();
  });
})();
