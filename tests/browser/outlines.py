"""What a screen reader says of a page before it reads it: landmarks, headings, tables, forms, in their order."""

from itertools import pairwise

from playwright.sync_api import Page

OUTLINE = """() => {
  const name = one => {
    const by = one.getAttribute('aria-labelledby');
    const label = by ? by.split(' ').map(id => document.getElementById(id)?.textContent ?? '').join(' ')
      : one.getAttribute('aria-label') ?? '';
    return label.replace(/\\s+/g, ' ').trim();
  };
  const text = one => (one?.textContent ?? '').replace(/\\s+/g, ' ').trim();
  const kinds = {HEADER: 'banner', NAV: 'navigation', MAIN: 'main', FOOTER: 'contentinfo', ASIDE: 'complementary'};
  const lines = [];
  for (const one of document.querySelectorAll(
      'header, nav, main, footer, aside, section, form, h1, h2, h3, h4, table, svg[role=img], [role=status], details')) {
    if (!one.checkVisibility()) continue;
    const tag = one.tagName.toUpperCase();
    const label = name(one);
    if (tag === 'HEADER' && one.closest('main, article, section')) continue;
    if (kinds[tag]) lines.push(label ? `${kinds[tag]}: ${label}` : kinds[tag]);
    else if (/^H[1-4]$/.test(tag)) lines.push(`${'  '.repeat(+tag[1] - 1)}${tag.toLowerCase()} ${text(one)}`);
    else if (tag === 'SECTION') { if (label) lines.push(`region: ${label}`); }
    else if (tag === 'FORM') {
      const fields = [...one.querySelectorAll('input:not([type=hidden]), select, textarea')]
        .filter(field => field.checkVisibility());
      const words = fields.map(field => text(field.labels?.[0]) || name(field) || '(no name)');
      lines.push(`form${label ? ': ' + label : ''}${words.length ? ' – ' + words.join(', ') : ''}`);
    }
    else if (tag === 'TABLE') {
      const heads = [...one.querySelectorAll('thead th')].map(text);
      lines.push(`table: ${text(one.caption) || '(no caption)'} – ${heads.join(' | ')}`);
    }
    else if (tag === 'DETAILS') lines.push(`details: ${text(one.querySelector('summary'))}`);
    else if (one.getAttribute('role') === 'status') lines.push('status');
    else lines.push(`image: ${label || text(one.querySelector('title')) || '(no name)'}`);
  }
  return lines;
}"""


def outline_of(page: Page) -> list[str]:
    """One line each, headings indented by their level."""
    lines: list[str] = page.evaluate(OUTLINE)
    return lines


def faults_of(outline: list[str]) -> list[str]:
    """What would leave somebody who hears the page without a way through it."""
    levels = [int(line.strip()[1]) for line in outline if line.strip()[:2] in {"h1", "h2", "h3", "h4"}]
    faults = []
    if levels.count(1) != 1:
        faults.append(f"{levels.count(1)} headings of level 1")
    if levels[:1] != [1]:
        faults.append("the first heading is not the title")
    faults += [f"h{after} follows h{before}" for before, after in pairwise(levels) if after > before + 1]
    faults += [f"{mark} is missing" for mark in ("banner", "main") if mark not in outline]
    faults += [line for line in outline if "(no name)" in line or "(no caption)" in line]
    faults += [line for line in outline if line == "navigation"]
    tables = [line for line in outline if line.startswith("table")]
    faults += [f"twice: {line}" for line in set(tables) if tables.count(line) > 1]
    return faults
