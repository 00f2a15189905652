// Counts again when something was changed and nothing for a while. Without this file, the button does the same.
"use strict";
(() => {
  const form = document.querySelector('form[data-counts]');
  if (!form) return;
  let wait, asked = 0;
  form.addEventListener('input', event => {
    if (event.target.name === 'name') return;
    clearTimeout(wait);
    wait = setTimeout(async () => {
      const mine = ++asked, body = new FormData(form); body.set('do', 'count');
      const numbers = document.getElementById('numbers'); numbers.setAttribute('aria-busy', 'true');
      try {
        const answer = await fetch(location.href, {method: 'POST', body, credentials: 'same-origin'});
        const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('numbers');
        if (mine === asked && fresh) numbers.replaceChildren(...fresh.childNodes);
      } catch { /* the button stays */ }
      if (mine === asked) numbers.removeAttribute('aria-busy');
    }, 500);
  });
})();
