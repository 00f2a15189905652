"""The one line for another site: puts the form where the script stands, in a frame of ours, with no cookie."""

import json

from groundswell.pages.door.looks import FONTS

_SCRIPT = """(() => {
  const me = document.currentScript;
  const frame = document.createElement("iframe");
  const partner = (me.dataset.partner || "").replace(/[^\\w.-]/g, "");
  // What is not one of these stays as it is, and the console says so; the form keeps its contrast whatever is asked for.
  const looks = { accent: /^#?[0-9a-f]{6}$/i, ground: /^(auto|light|dark)$/, radius: /^([0-9]|1[0-9]|2[0-4])$/, font: FONTS };
  let asked = "";
  for (const [name, allowed] of Object.entries(looks)) {
    const value = me.dataset[name];
    if (value === undefined) continue;
    if (allowed.test(value)) asked += `&${name}=${value.replace("#", "")}`;
    else console.warn(`groundswell: data-${name} is left out; it should match ${allowed}`);
  }
  frame.src = ADDRESS + "?source=partner-" + encodeURIComponent(partner || location.hostname) + asked;
  frame.title = TITLE;
  frame.width = "100%";
  frame.height = me.dataset.height || "1040";
  frame.loading = "lazy";
  frame.setAttribute("frameborder", "0");
  if (!me.dataset.height) {
    addEventListener("message", (event) => {
      const height = event.source === frame.contentWindow && event.data && Number(event.data.groundswell);
      if (height > 100 && height < 5000) frame.height = String(Math.ceil(height));
    });
  }
  me.after(frame);
})();
"""


def embed_script(base_url: str, slug: str, title: str) -> bytes:
    """The script. `data-partner="NAME"` on its tag says whose site it is: their signatures are counted under that name.

    The frame is as tall as the form asks to be, or as `data-height` says. `data-accent`, `data-ground`, `data-radius` and
    `data-font` are the look that the site wants (`door.looks`).
    """
    # Both go into a script: as JSON, which is JavaScript, and with what could end a script's tag written otherwise.
    address, words = (json.dumps(text).replace("<", "\\u003c") for text in (f"{base_url}/a/{slug}/embed", title))
    fonts = f"/^({'|'.join(FONTS)})$/"
    return _SCRIPT.replace("FONTS", fonts).replace("ADDRESS", address).replace("TITLE", words).encode()
