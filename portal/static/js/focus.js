// After a change of a region: focus goes where the work is, and the change is read out.
(function () {
  "use strict";

  function announce(text) {
    const announcer = document.getElementById("announcer");
    announcer.textContent = "";
    window.setTimeout(function () { announcer.textContent = text; }, 100);
  }

  function shown(region) {
    const place = region.matches("[data-focus]") ? region : region.querySelector("[data-focus]");
    if (place) {
      if (!place.hasAttribute("tabindex")) place.setAttribute("tabindex", "-1");
      place.focus();
    }
    const news = region.matches("[data-announce]") ? region : region.querySelector("[data-announce]");
    if (news) announce(news.textContent.trim());
  }

  // Where the swap took away what had the focus, the region has it, so that the next Tab goes on from there.
  function keep(region) {
    if (document.activeElement !== document.body || document.querySelector("dialog[open]")) return;
    if (!region.hasAttribute("tabindex")) region.setAttribute("tabindex", "-1");
    region.focus({ preventScroll: true });
  }

  function swapped(event) {
    const id = (event.detail.target || event.target).id;
    const region = (id && document.getElementById(id)) || event.detail.elt || event.target;
    if (!(region instanceof Element)) return;
    shown(region);
    keep(region);
  }

  document.addEventListener("htmx:afterSettle", swapped);
  document.addEventListener("htmx:after:settle", swapped);
  document.addEventListener("portal:shown", function (event) { shown(event.detail.region); });

  const first = document.querySelector("main [data-focus]");
  if (first) first.focus();
  const flashes = Array.from(document.querySelectorAll("[data-flash]"), function (one) { return one.textContent.trim(); });
  if (flashes.length) announce(flashes.join(" "));
})();
