// Single keys outside of fields: ? the list of keys, / the search, g and a letter a page. An officer can switch them off.
(function () {
  "use strict";

  const PATIENCE = 1500;
  const TYPED_IN = "input, textarea, select, [contenteditable], dialog[open] *";
  let goUntil = 0;

  function off() { return document.documentElement.dataset.shortcuts === "off"; }

  // On a Russian or Armenian keyboard the same place of the key counts.
  function letter(event) {
    if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
    return /^Key[A-Z]$/.test(event.code) ? event.code.slice(3).toLowerCase() : "";
  }

  function sign(event) {
    if (event.key === "?" || event.key === "/") return event.key;
    if (event.code === "Slash") return event.shiftKey ? "?" : "/";
    return "";
  }

  function shown(id) {
    const dialog = document.getElementById(id);
    if (dialog) dialog.showModal();
    return Boolean(dialog);
  }

  function search() {
    const field = document.querySelector("main input[type=search]") || document.getElementById("search");
    if (!field) return false;
    field.focus();
    field.select();
    return true;
  }

  function go(to) {
    const link = to && document.querySelector('.rp-side a[data-go="' + to + '"]');
    if (link) link.click();
    return Boolean(link);
  }

  function pressed(event) {
    if (off() || event.defaultPrevented || event.isComposing || event.repeat) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target instanceof Element && event.target.closest(TYPED_IN)) return;
    const going = goUntil > event.timeStamp;
    goUntil = 0;
    let done = going && go(letter(event));
    if (!done && sign(event) === "?") done = shown("shortcuts");
    else if (!done && sign(event) === "/") done = search();
    else if (!done && letter(event) === "g") goUntil = event.timeStamp + PATIENCE;
    if (done) event.preventDefault();
  }

  document.addEventListener("keydown", pressed);
})();
