"""The two layouts: MJML frames that every mail client shows, light and dark, either way of writing.

The content goes in after MJML has done its work, so that an author's text is never read as layout.
"""

import html as escaping
import re

import css_inline
import mrml

from groundswell.engine.words import direction

_STYLE = """
  body { background: #ffffff; }
  p { margin: 0 0 16px; }
  a { color: #8a1c3b; }
  img { max-width: 100%; height: auto; }
  .ask { margin: 24px 0; }
  .ask a { color: #ffffff; background: #8a1c3b; text-decoration: none; font-weight: bold; padding: 12px 20px;
           border-radius: 6px; display: inline-block; }
  .small { color: #555555; font-size: 14px; line-height: 1.45; }
  .masthead { font-weight: bold; font-size: 20px; color: #ffffff; }
"""
_DARK = """
  @media (prefers-color-scheme: dark) {
    body, div, td { background: #16161a !important; color: #f1f1f4 !important; }
    a { color: #ffb3c6 !important; }
    .ask a { background: #ffb3c6 !important; color: #16161a !important; }
    .small { color: #c6c6cf !important; }
    .masthead { color: #ffb3c6 !important; }
  }
"""
_MASTHEAD = (
    '<mj-section padding="20px 8px" background-color="#8a1c3b"><mj-column><mj-text align="{align}" '
    'font-family="Georgia, serif" font-size="20px" color="#ffffff">MASTHEAD-HERE</mj-text></mj-column></mj-section>'
)


def framed(content: str, *, subject: str, preview: str, language: str, layout: str, organisation: str) -> str:
    """A whole HTML document around `content`."""
    way = direction(language)
    align = "right" if way == "rtl" else "left"
    masthead = _MASTHEAD.format(align=align) if layout == "header" else ""
    frame = mrml.to_html(
        f'<mjml lang="{escaping.escape(language)}" dir="{way}"><mj-head><mj-title>TITLE-HERE</mj-title>'
        "<mj-preview>PREVIEW-HERE</mj-preview></mj-head>"
        f'<mj-body width="620px">{masthead}<mj-section padding="16px 8px"><mj-column>'
        f'<mj-text align="{align}" font-family="Georgia, serif" font-size="18px" line-height="1.55" color="#1b1b1f">'
        "CONTENT-HERE</mj-text></mj-column></mj-section></mj-body></mjml>"
    )
    page = str(getattr(frame, "content", frame))
    # Whatever would fetch something from elsewhere, and what only old Outlook reads.
    page = re.sub(r"<!--\[if [^>]*>.*?<!\[endif\]-->|<!--\[if !mso.*?-->|<!--<!\[endif\]-->", "", page, flags=re.DOTALL)
    page = re.sub(r'<link[^>]*>|@import [^;]*;|<style type="text/css">\s*</style>', "", page)
    # White on white is what spam filters look for; not being displayed is enough.
    page = page.replace("font-size:1px;color:#ffffff;", "font-size:1px;")
    page = page.replace("CONTENT-HERE", content).replace("</head>", f"<style>{_STYLE}</style></head>", 1)
    page = page.replace("MASTHEAD-HERE", f'<span class="masthead">{escaping.escape(organisation)}</span>')
    page = css_inline.inline(page, keep_style_tags=False)
    if way == "rtl":
        page = page.replace("direction: ltr", "direction: rtl").replace("direction:ltr", "direction:rtl")
    page = page.replace("TITLE-HERE", escaping.escape(subject)).replace("PREVIEW-HERE", escaping.escape(preview))
    # What a phone needs and MJML leaves to Outlook's comments; dark colours last, so that they win.
    return page.replace("</head>", f'<meta name="color-scheme" content="light dark"><style>{_DARK}</style></head>', 1)
