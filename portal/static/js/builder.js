// The builder of indicators by keyboard: Enter adds, Backspace on an empty value removes, Alt and arrows move.
(function () {
  "use strict";

  const typed = new Map();
  let leaving = false;

  function inside(element) { return element instanceof Element && element.closest("#builder"); }

  // The buttons do the work, so that the keyboard can do nothing that they cannot.
  function press(line, tool) {
    const button = line.querySelector('[data-tool="' + tool + '"]');
    if (button) button.click();
    return Boolean(button);
  }

  function key(event) {
    const line = inside(event.target) && event.target.closest("[data-line]");
    if (!line || event.isComposing) return;
    if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      press(line, event.key === "ArrowUp" ? "up" : "down");
    } else if (event.key === "Enter" && !event.shiftKey && event.target.matches("[data-value]")) {
      event.preventDefault();
      press(line, "add_after");
    } else if (event.key === "Backspace" && event.target.matches("[data-value]") && event.target.value === "") {
      event.preventDefault();
      press(line, "remove");
    }
  }

  // A step of the work spends no one-time key: only what is kept does.
  function withoutKey(event) {
    if (!inside(event.target)) return;
    delete event.detail.parameters.form_key;
    typed.clear();
  }

  // What was typed while the answer was on its way is put back into the new controls.
  function note(event) {
    if (inside(event.target) && event.target.matches("[data-value]")) typed.set(event.target.id, event.target.value);
  }

  function putBack() {
    typed.forEach(function (value, id) {
      const control = document.getElementById(id);
      if (!control || control.value === value) return;
      control.value = value;
      control.dispatchEvent(new Event("change", { bubbles: true }));
    });
    typed.clear();
  }

  // The remarks stand beside their lines also when only the reading was fetched anew.
  function remark() {
    document.querySelectorAll("#builder [data-remarks]").forEach(function (slot) {
      const said = document.querySelectorAll('template[data-remark="' + slot.dataset.remarks + '"]');
      slot.replaceChildren(...Array.from(said, function (one) {
        const words = document.createElement("p");
        words.className = "rp-remark rp-remark-" + one.dataset.severity;
        words.textContent = one.content.textContent;
        return words;
      }));
    });
  }

  function swapped(event) {
    const id = event.detail.target ? event.detail.target.id : "";
    if (id === "builder") putBack();
    if (id === "builder_preview") {
      remark();
      const builder = document.getElementById("builder");
      if (builder) builder.dataset.unsaved = "";
    }
  }

  document.documentElement.dataset.builder = "";
  document.addEventListener("keydown", key);
  document.addEventListener("input", note);
  document.addEventListener("htmx:configRequest", withoutKey);
  document.addEventListener("htmx:afterSettle", swapped);
  document.addEventListener("submit", function (event) { if (inside(event.target)) leaving = true; });
  window.addEventListener("beforeunload", function (event) {
    if (!leaving && document.querySelector("#builder[data-unsaved]")) event.preventDefault();
  });
})();
