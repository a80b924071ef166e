// Unsaved work is not left without a warning.
(function () {
  "use strict";

  function note(event) {
    const form = event.target.form;
    if (form && form.matches("[data-guard]")) form.dataset.unsaved = "";
  }

  // A form that came back with errors holds what was typed and is kept nowhere.
  function refused() {
    document.querySelectorAll("form[data-guard]:has(.rp-error-summary)").forEach(function (form) { form.dataset.unsaved = ""; });
  }

  document.addEventListener("htmx:afterSettle", refused);
  refused();
  document.addEventListener("input", note);
  document.addEventListener("change", note);
  document.addEventListener("submit", function (event) { delete event.target.dataset.unsaved; });
  window.addEventListener("beforeunload", function (event) {
    if (document.querySelector("form[data-unsaved]")) event.preventDefault();
  });
})();
