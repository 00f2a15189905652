// The composer while one types, and the progress of a letter that is being sent. Everything works without this file, too.
"use strict";
(() => {
  const composer = document.getElementById("composer");
  const later = (milliseconds, doing) => { let timer; return () => { clearTimeout(timer); timer = setTimeout(doing, milliseconds); }; };

  function refresh(part) {
    setInterval(async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(part.dataset.refresh, { credentials: "same-origin" });
        if (answer.ok && !answer.redirected) part.innerHTML = await answer.text();
      } catch { /* the next try comes by itself */ }
    }, 4000);
  }
  for (const part of document.querySelectorAll("[data-refresh]")) refresh(part);
  if (!composer) return;

  // A control is called “action”, so the form’s own address has to be asked for by name.
  const area = composer.elements.appeal, saved = document.getElementById("saved"), place = document.getElementById("place");
  const frames = { html: document.getElementById("html"), text: document.getElementById("text") };
  let kept = area.value, warning = "", busy = false, stopped = area.readOnly, leaving = false;
  composer.closest(".gs").classList.add("scripted");

  function look() {
    const base = frames.html.dataset.base.replace("/as/named/", `/as/${composer.elements.as.value}/`);
    const edition = composer.elements.base.value;
    frames.html.src = `${base}?part=${composer.elements.view.value}&n=${edition}`;
    frames.text.src = `${base}?part=text&n=${edition}`;
    frames.html.closest(".views").className = `views ${composer.elements.view.value}`;
  }

  async function save() {
    if (stopped || leaving) return;
    if (busy) return soon();
    busy = true;
    const typed = area.value, form = new FormData(composer);
    form.set("do", "auto");
    try {
      const answer = await fetch(composer.getAttribute("action"), { method: "POST", body: form, credentials: "same-origin" });
      if (answer.redirected) throw new Error("signed out");
      const told = await answer.json();
      if (told.clash || told.locked) {
        // What is typed on is set aside, too, as often as it is saved.
        stopped = Boolean(told.locked);
        warning = told.locked || `${told.clash} saved another text meanwhile. Yours is set aside and stays here: press Save to see both.`;
        saved.textContent = warning;
      } else {
        kept = typed;
        if (told.appeal) adopt(typed, told.appeal);
        composer.elements.base.value = told.edition;
        saved.textContent = `Saved at ${told.at}.`;
        look();
      }
      if (told.checks) document.getElementById("checks").innerHTML = told.checks;
    } catch (problem) {
      saved.textContent = problem.message === "signed out"
        ? "Not saved: you are signed out. Sign in in another tab and go on here; this window keeps your text."
        : "Not saved yet: the office does not answer. It is tried again.";
      setTimeout(save, 5000);
    }
    busy = false;
  }
  const soon = later(900, save);

  // A choice beside the text wrote a line into the front matter: it comes in above whatever was typed on meanwhile.
  function adopt(typed, saved) {
    const head = (text) => (text.match(/^---\n[^]*?\n---\n/) || [""])[0], was = head(typed), is = head(saved);
    if (!area.value.startsWith(was)) return;
    const grown = is.length - was.length, [start, end] = [area.selectionStart, area.selectionEnd];
    area.value = is + area.value.slice(was.length);
    kept = saved;
    area.setSelectionRange(Math.max(0, start + grown), Math.max(0, end + grown));
    whereabouts();
  }

  function whereabouts() {
    const before = area.value.slice(0, area.selectionStart), line = before.split("\n").length;
    composer.elements.line.value = line;
    place.textContent = `Line ${line}, column ${before.length - before.lastIndexOf("\n")}.`;
  }

  function put(words) {
    const before = area.value.slice(0, area.selectionStart);
    if (words.startsWith(":::")) words = (before === "" || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n") + words + "\n\n";
    area.focus();
    // The browser's own way keeps “undo”; where it is gone, the text is put in all the same.
    if (!document.execCommand("insertText", false, words)) {
      area.setRangeText(words, area.selectionStart, area.selectionEnd, "end");
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }
    whereabouts();
  }

  function go(line, column) {
    const lines = area.value.split("\n");
    const at = lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + 1, 0) + Math.max(0, column - 1);
    area.focus();
    area.setSelectionRange(at, Math.min(area.value.length, at + Math.max(1, (lines[line - 1] || "").length - column + 1)));
    area.scrollTop = (line / lines.length) * area.scrollHeight - area.clientHeight / 2;
    whereabouts();
  }

  function pressed(button) {
    const [verb, what] = button.value.split(" ");
    if (button.dataset.insert && !area.readOnly) return put(button.dataset.insert) || true;
    if (verb !== "as" && verb !== "view") return false;
    composer.elements[verb].value = what;
    for (const each of button.parentElement.children) {
      each.setAttribute("aria-pressed", String(each === button));
      each.classList.toggle("button-secondary", each !== button);
    }
    look();
    return true;
  }

  composer.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]"), link = event.target.closest("[data-line]");
    if (link) { event.preventDefault(); go(Number(link.dataset.line), Number(link.dataset.column)); }
    else if (button && pressed(button)) event.preventDefault();
  });
  composer.addEventListener("submit", () => { leaving = true; });
  composer.addEventListener("change", (event) => { if (event.target.tagName === "SELECT" || event.target.id === "language") soon(); });
  area.addEventListener("input", () => { saved.textContent = warning || "Not saved yet."; soon(); });
  for (const name of ["keyup", "click", "input", "focus"]) area.addEventListener(name, whereabouts);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") { event.preventDefault(); save(); }
  });
  window.addEventListener("beforeunload", (event) => { if (!leaving && area.value !== kept) event.preventDefault(); });

  const find = document.getElementById("find");
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/);
    for (const each of document.querySelectorAll("#sources li[data-words]")) {
      const said = each.dataset.words.toLowerCase();
      each.hidden = !words.every((word) => said.includes(word));
    }
  });
})();
