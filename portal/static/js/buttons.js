// Buttons that only a script can serve are shown only where scripts run; open menus close when left.
(function () {
  "use strict";

  document.querySelectorAll("button[data-print]").forEach(function (button) { button.hidden = false; });
  document.addEventListener("click", function (event) {
    if (event.target.closest("button[data-print]")) window.print();
    close(function (menu) { return !menu.contains(event.target); });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    close(function (menu) {
      const held = menu.contains(document.activeElement);
      if (held) menu.querySelector("summary").focus();
      return true;
    });
  });

  function close(chosen) {
    document.querySelectorAll("details.rp-drop[open], details.rp-menu[open]").forEach(function (menu) {
      if (chosen(menu)) menu.open = false;
    });
  }
})();
