// Requests of HTMX: the token goes with each, and a refusal is shown instead of swallowed.
(function () {
  "use strict";

  function token() {
    return document.querySelector('meta[name="csrf-token"]').content;
  }

  // htmx 2 keeps the headers in detail.headers, htmx 4 in detail.ctx.request.headers.
  function sign(event) {
    const detail = event.detail;
    const headers = detail.headers || (detail.ctx && detail.ctx.request.headers);
    if (headers) headers["X-CSRFToken"] = token();
  }

  // Any error page but 422 takes the place of the content, so that what it says and keeps is seen.
  function showRefusal(event) {
    const request = event.detail.xhr;
    if (!request) return;
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const said = page.getElementById("main");
    if (!said) return showSilence();
    const main = document.getElementById("main");
    main.replaceChildren(...said.childNodes);
    document.title = page.title || document.title;
    htmx.process(main);
    document.dispatchEvent(new CustomEvent("portal:shown", { detail: { region: main } }));
  }

  function showSilence() {
    const main = document.getElementById("main");
    const old = document.getElementById("silence");
    if (old) old.remove();
    const notice = document.createElement("div");
    notice.id = "silence";
    notice.className = "rp-notice rp-notice-danger";
    notice.setAttribute("role", "alert");
    notice.textContent = document.body.dataset.noAnswer;
    main.prepend(notice);
    notice.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("htmx:configRequest", sign);
  document.addEventListener("htmx:config:request", sign);
  document.addEventListener("htmx:responseError", showRefusal);
  document.addEventListener("htmx:sendError", showSilence);
  document.addEventListener("htmx:timeout", showSilence);
})();
