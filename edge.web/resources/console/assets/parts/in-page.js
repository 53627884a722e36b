// SPDX-License-Identifier: Apache-2.0

/**
 * Something that opens within a page, such as a question or a form: takes the focus, tells `dismiss` at Escape, and gives the
 * focus back to what opened it.
 */
class InPage extends HTMLElement {
  connectedCallback() {
    this.opener = document.activeElement;
    this.tabIndex = -1;
    this.onkeydown = (event) => this.key(event);
    requestAnimationFrame(() => {
      if (this.isConnected && !this.contains(document.activeElement)) {
        (this.querySelector('input, select, textarea') ?? this).focus();
      }
    });
  }

  disconnectedCallback() {
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) {
        this.opener?.focus();
      }
    });
  }

  key(event) {
    if (event.key === 'Escape' && !event.defaultPrevented) {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent('dismiss'));
    }
  }
}
customElements.define('in-page', InPage);
