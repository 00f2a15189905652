// What a page can do better with a script. Everything works without it; it asks nobody but our own host.
(() => {
  "use strict";
  const format = (n) => n.toLocaleString(document.documentElement.lang || "en");
  const meter = document.querySelector("[data-count]");
  if (meter) {
    const bar = meter.querySelector("progress");
    const look = async () => {
      if (document.hidden) return;
      try {
        const answer = await fetch(meter.dataset.count, { credentials: "omit" });
        if (!answer.ok) return;
        const { count, goal } = await answer.json();
        meter.querySelector(".count strong").textContent = format(count);
        meter.querySelector(".goal span").textContent = format(goal);
        bar.max = Math.max(goal, 1);
        bar.value = Math.min(count, bar.max);
      } catch { /* the number on the page is an older true one */ }
    };
    setInterval(look, 15000 + Math.random() * 10000);
  }
  for (const button of document.querySelectorAll("[data-share]")) {
    if (!navigator.share) continue;
    button.hidden = false;
    button.addEventListener("click", () => {
      const { share: url, title, text } = button.dataset;
      navigator.share({ url, title, text }).catch(() => {});
    });
  }
  for (const button of document.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = button.dataset.done;
    });
  }
  // Under attack the form asks for a little work (ALTCHA's puzzle), done while the person fills it in.
  const work = document.querySelector("[data-work]");
  if (work && window.crypto && crypto.subtle) {
    const puzzle = JSON.parse(work.dataset.work);
    const form = work.closest("form");
    const field = form.elements.altcha;
    const hex = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
    const solve = async () => {
      const encoder = new TextEncoder();
      for (let number = 0; number <= Number(work.dataset.most); number += 1) {
        const digest = await crypto.subtle.digest("SHA-256", encoder.encode(puzzle.salt + number));
        if (hex(digest) === puzzle.challenge) return btoa(JSON.stringify({ ...puzzle, number }));
      }
      return "";
    };
    const solved = solve().then((text) => { field.value = text; return text; });
    form.addEventListener("submit", (event) => {
      if (field.value) return;
      event.preventDefault();
      work.textContent = work.dataset.words;
      solved.then(() => form.submit());
    });
  }
  // A letter to the target: what the person changes goes into the mail that their own program opens.
  const letter = document.querySelector("[data-letter]");
  if (letter) {
    const subject = document.getElementById("subject");
    const mails = [...document.querySelectorAll("a[data-mail]")];
    const written = () => {
      for (const mail of mails) {
        const query = `?subject=${encodeURIComponent(subject.value)}&body=${encodeURIComponent(letter.value)}`;
        mail.href = mail.href.split("?")[0] + query;
      }
    };
    letter.addEventListener("input", written);
    subject.addEventListener("input", written);
    written();
    const copy = document.querySelector("[data-copy-letter]");
    if (copy && navigator.clipboard) {
      copy.hidden = false;
      copy.addEventListener("click", async () => {
        await navigator.clipboard.writeText(`${subject.value}\n\n${letter.value}`);
        copy.textContent = copy.dataset.done;
      });
    }
  }
  // Of many offices, the reader's own: by name, region or the beginning of a postcode; asked of nobody.
  const find = document.querySelector("[data-find]");
  if (find) {
    const field = find.querySelector("input");
    const rows = [...document.querySelectorAll(".offices li")];
    const bare = (text) => text.toUpperCase().replace(/\s+/g, " ").trim();
    find.hidden = false;
    field.addEventListener("input", () => {
      const sought = bare(field.value);
      const fits = rows.map((row) => {
        const places = row.dataset.places.split("|").map(bare).filter(Boolean);
        const rest = places.map((place) => place.replace(/^[A-Z]{2}[ :/-]*/, "")).filter(Boolean);
        return !sought || !places.length || bare(row.textContent).includes(sought)
          || rest.some((place) => sought.replace(/ /g, "").startsWith(place.replace(/ /g, "")));
      });
      const some = fits.some(Boolean);
      rows.forEach((row, at) => { row.hidden = some && !fits[at]; });
      find.querySelector("[role=status]").textContent = some ? "" : find.querySelector("[role=status]").dataset.none;
    });
  }
  // Countries by the names of the page's language, in its order; what was chosen stays chosen.
  const country = document.getElementById("country");
  if (country && "DisplayNames" in Intl) {
    const language = document.documentElement.lang || "en";
    const names = new Intl.DisplayNames([language], { type: "region" });
    const named = Array.from(country.options).filter((option) => option.value && option.value !== "ZZ");
    for (const option of named) option.textContent = names.of(option.value);
    named.sort((one, other) => one.textContent.localeCompare(other.textContent, language));
    const last = country.querySelector('option[value="ZZ"]');
    for (const option of named) country.insertBefore(option, last);
  }
  // In a frame on another site: say how tall the form is, so that nothing scrolls inside it.
  if (window.parent !== window && document.querySelector("main.embed") && "ResizeObserver" in window) {
    const tell = () => window.parent.postMessage({ groundswell: document.body.offsetHeight }, "*");
    new ResizeObserver(tell).observe(document.body);
  }
  const jump = document.querySelector(".tosign");
  if (jump && "IntersectionObserver" in window) {
    const places = document.querySelectorAll(jump.hash === "#sign" ? ".card" : ".card, .act");
    const seen = new Set();
    const watch = new IntersectionObserver((changes) => {
      for (const { target, isIntersecting } of changes) seen[isIntersecting ? "add" : "delete"](target);
      jump.hidden = seen.size > 0;
      // It leaves once the form has come to the upper half: its first line at the foot of the screen is not yet the form.
    }, { rootMargin: "0px 0px -50% 0px" });
    places.forEach((place) => watch.observe(place));
  }
})();
