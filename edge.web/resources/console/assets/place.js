// SPDX-License-Identifier: Apache-2.0
// Where the person is: every page, filter and thing has its own address; back and reload do what one expects.
const listeners = new Set();

export const place = {
  /** The path's segments, decoded. */
  get segments() {
    return location.pathname.split('/').filter((part) => part).map(decode);
  },

  query(name) {
    return new URLSearchParams(location.search).get(name) ?? '';
  },

  /** What to ask before the page is left by a link; empty if nothing is lost. Set by a page that has something to lose. */
  unsaved: () => '',

  go(path) {
    const question = this.unsaved();
    if (question && !confirm(question)) {
      return;
    }
    if (path !== location.pathname + location.search) {
      history.pushState(null, '', path);
      tell(true);
    }
  },

  /** Changes a filter without a new entry in the history. */
  filter(name, value) {
    const query = new URLSearchParams(location.search);
    if (value) {
      query.set(name, value);
    } else {
      query.delete(name);
    }
    const text = query.toString();
    history.replaceState(null, '', location.pathname + (text ? '?' + text : ''));
    tell(false);
  },

  /** Calls back with whether another page was asked for. Returns what ends it. */
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function tell(moved) {
  listeners.forEach((listener) => listener(moved));
}

addEventListener('popstate', () => tell(true));

// Links inside of the console do not load the page anew.
document.addEventListener('click', (event) => {
  const link = event.target.closest?.('a[href^="/"]');
  if (link && !link.target && !event.defaultPrevented && event.button === 0
    && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey) {
    event.preventDefault();
    place.go(link.getAttribute('href'));
  }
});
