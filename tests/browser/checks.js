// What a page must hold, read off the page itself. Each function returns the faults it finds, as words.
({
  sideways() {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll('body *')].filter((element) => {
      const box = element.getBoundingClientRect();
      return box.right > clientWidth + 1 && box.width && !element.closest('.scroll, .shell, .sr, .skip');
    });
    return [`scrolls sideways: ${scrollWidth} of ${clientWidth} px`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  },

  headings() {
    const shown = [...document.querySelectorAll('h1')].filter((heading) => heading.checkVisibility());
    return shown.length === 1 ? [] : [`has ${shown.length} headings of the first level`];
  },

  // 24 by 24 pixels (WCAG 2.5.8). A link inside a sentence is excepted; a row or card that is one link counts whole.
  targets() {
    const small = [];
    for (const element of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
      if (!element.checkVisibility() || element.type === 'hidden') continue;
      const style = getComputedStyle(element);
      if (element.tagName === 'A' && style.display === 'inline') continue;
      if (getComputedStyle(element, '::after').position === 'absolute') continue;
      const box = (element.closest('label') ?? element).getBoundingClientRect();
      if (box.width < 24 || box.height < 24) small.push(`target of ${Math.round(box.width)} by ${Math.round(box.height)} px: ${element.outerHTML.slice(0, 120)}`);
    }
    return small;
  },

  inlineCode() {
    return [...document.querySelectorAll('[style], style, script:not([src])')].map((element) => `inline style or script: ${element.outerHTML.slice(0, 120)}`);
  },

  // WCAG 1.4.12, by a constructed style sheet, which the content security policy does not stop.
  spaceText() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
    document.adoptedStyleSheets = [sheet];
  },

  unspaceText() { document.adoptedStyleSheets = []; },
})
