// The palette: type a word, choose a page of the navigation or a document that the search finds.
(function () {
  "use strict";

  const PAUSE = 250;
  const MOST_FOUND = 8;
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const words = document.getElementById("palette_words");
  const list = document.getElementById("palette_list");
  const count = document.getElementById("palette_count");
  let chosen = -1;
  let waiting = 0;
  let asked = 0;

  function plain(text) { return text.toLocaleLowerCase().replace(/\s+/g, " ").trim(); }

  function pages() {
    return Array.from(document.querySelectorAll(".rp-side a"), function (link) {
      const group = link.closest(".rp-nav-group").querySelector(".rp-nav-label");
      return { label: link.querySelector("span").textContent, beside: group ? group.textContent : "", url: link.href };
    });
  }

  function option(found, number) {
    const row = document.createElement("li");
    row.id = "palette_" + number;
    row.setAttribute("role", "option");
    row.dataset.url = found.url;
    const label = document.createElement("span");
    label.textContent = found.label;
    row.append(label);
    if (found.beside) {
      const beside = document.createElement("span");
      beside.className = "rp-secondary";
      beside.textContent = found.beside;
      row.append(beside);
    }
    return row;
  }

  function choose(number) {
    const rows = list.children;
    chosen = rows.length ? (number + rows.length) % rows.length : -1;
    Array.from(rows, function (row, place) { row.setAttribute("aria-selected", String(place === chosen)); });
    if (chosen < 0) return words.removeAttribute("aria-activedescendant");
    words.setAttribute("aria-activedescendant", rows[chosen].id);
    rows[chosen].scrollIntoView({ block: "nearest" });
  }

  function show(documents) {
    const typed = words.value.trim();
    const fitting = pages().filter(function (page) { return plain(page.label + " " + page.beside).includes(plain(typed)); });
    const found = fitting.concat(documents);
    if (typed && dialog.dataset.search) {
      found.push({ label: dialog.dataset.searchWords.replace("{words}", typed), beside: "", url: searchFor(typed) });
    }
    list.replaceChildren(...found.map(option));
    count.textContent = dialog.dataset.count.replace("{count}", String(found.length));
    choose(0);
  }

  function searchFor(typed) { return dialog.dataset.search + "?q=" + encodeURIComponent(typed); }

  // The search page answers as it does to anyone: what it lists, the palette offers.
  function ask(typed) {
    const mine = ++asked;
    fetch(searchFor(typed), { credentials: "same-origin" }).then(function (answer) {
      return answer.ok ? answer.text() : "";
    }).then(function (html) {
      if (mine !== asked || !dialog.open) return;
      const page = new DOMParser().parseFromString(html, "text/html");
      const rows = Array.from(page.querySelectorAll("main table tbody tr")).slice(0, MOST_FOUND);
      show(rows.filter(function (row) { return row.querySelector("a[href]"); }).map(function (row) {
        const cells = row.querySelectorAll("th, td");
        const url = new URL(row.querySelector("a[href]").getAttribute("href"), location.origin).href;
        return { label: cells[0].textContent.trim(), beside: cells[1] ? cells[1].textContent.trim() : "", url: url };
      }));
    }).catch(function () { /* without an answer the pages of the navigation stay */ });
  }

  function typed() {
    window.clearTimeout(waiting);
    asked += 1;
    show([]);
    const text = words.value.trim();
    if (text.length > 1 && dialog.dataset.search) waiting = window.setTimeout(ask, PAUSE, text);
  }

  function open() {
    if (dialog.open) return;
    words.value = "";
    show([]);
    dialog.showModal();
    words.focus();
  }

  function follow(row, apart) {
    if (!row) return;
    if (apart) window.open(row.dataset.url, "_blank", "noopener");
    else { dialog.close(); window.location.assign(row.dataset.url); }
  }

  function pressed(event) {
    const key = event.key === "k" || event.code === "KeyK";
    if (!key || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    if (document.documentElement.dataset.shortcuts === "off") return;
    event.preventDefault();
    if (dialog.open) dialog.close(); else open();
  }

  words.addEventListener("input", typed);
  words.addEventListener("keydown", function (event) {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") follow(list.children[chosen], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", function (event) { follow(event.target.closest("[role=option]"), event.ctrlKey || event.metaKey); });
  dialog.addEventListener("click", function (event) { if (event.target === dialog) dialog.close(); });
  document.addEventListener("keydown", pressed);
  document.querySelectorAll('[data-opens="palette"]').forEach(function (button) {
    button.hidden = document.documentElement.dataset.shortcuts === "off";
    button.addEventListener("click", open);
  });
})();
