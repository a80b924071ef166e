// Filters of a register send themselves when a control changes.
(function () {
  "use strict";

  document.addEventListener("change", function (event) {
    const form = event.target.form;
    if (form && form.matches("[data-filter-form]") && event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) {
      form.requestSubmit();
    }
  });
})();
