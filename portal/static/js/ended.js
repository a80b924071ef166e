// A page that is left open is cleared when its session has run out, with or without the portal: what somebody else may
// see on that screen is what was typed and not yet sent, which is not lost.
(function () {
  "use strict";

  const body = document.body;
  const words = document.getElementById("session_ended");
  if (!words) return;
  const idle = Number(body.dataset.idle) * 1000;
  const end = Date.now() + Number(body.dataset.ends) * 1000;
  const KEY = "portal.seen." + body.dataset.session;
  let here = Date.now();
  let timer = 0;

  // Other windows of the session keep it alive too; where nothing may be stored, each knows of itself alone.
  function seen() {
    here = Date.now();
    try { localStorage.setItem(KEY, String(here)); } catch (refused) { /* as in a private window */ }
  }

  function lastSeen() {
    try { return Math.max(here, Number(localStorage.getItem(KEY))); } catch (refused) { return here; }
  }

  function look() {
    window.clearTimeout(timer);
    const left = Math.min(lastSeen() + idle, end) - Date.now();
    if (left > 0) timer = window.setTimeout(look, left);
    else clear();
  }

  // A form that nothing guards may hold words too: one differs from what was shown.
  function typedIn(form) {
    return "unsaved" in form.dataset || Array.from(form.elements).some(function (one) {
      if (one.type === "checkbox" || one.type === "radio") return one.checked !== one.defaultChecked;
      if (one.options) return one.selectedIndex !== Math.max(Array.from(one.options).findIndex(function (option) { return option.defaultSelected; }), 0);
      return one.type !== "hidden" && "defaultValue" in one && one.value !== one.defaultValue;
    });
  }

  function clear() {
    document.removeEventListener("visibilitychange", look);
    const main = document.getElementById("main");
    const typed = Array.from(document.querySelectorAll("main form[method=post]")).filter(typedIn);
    const busy = typed.some(function (form) { return form.contains(document.activeElement); }) && document.activeElement;
    main.replaceChildren(words.content.cloneNode(true), ...typed);
    main.querySelector(typed.length ? "[data-again]" : "[data-typed]").remove();
    if (!typed.length) main.querySelector("[data-again] a").href = location.href;
    body.replaceChildren(main);
    body.className = "rp-bare";
    document.title = main.querySelector("h1").textContent;
    (busy || main.querySelector("h1")).focus();
  }

  seen();
  look();
  document.addEventListener("htmx:afterRequest", seen);
  document.addEventListener("htmx:after:request", seen);
  document.addEventListener("visibilitychange", look);
})();
