// SPDX-License-Identifier: Apache-2.0
// Light and dark follow the system unless the person chose one in this browser.
const KEY = 'edge-theme';

export function theme() {
  try {
    return localStorage.getItem(KEY) ?? 'system';
  } catch {
    return 'system';
  }
}

export function setTheme(name) {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // a browser that keeps nothing still shows it until the page is left
  }
  apply(name);
}

function apply(name) {
  if (name === 'system') {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = name;
  }
}

apply(theme());
