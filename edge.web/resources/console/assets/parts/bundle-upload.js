// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {bytes} from '../format.js';
import {signatureLine} from './signature-line.js';
import {t} from '../texts.js';
import './deployment-change.js';
import './in-page.js';
import './meter-bar.js';

/** Takes a jar by choosing or dropping it, and goes on with what deploying it would do. Tells `finished`. */
class BundleUpload extends View {
  static properties = {share: {state: true}, upload: {state: true}, problem: {state: true}, over: {state: true}};

  constructor() {
    super();
    this.addEventListener('taken-on', () => this.taken = true);
  }

  render() {
    return html`<in-page class="panel drop ${this.over ? 'over' : ''}" role="region" aria-label=${t.deploy}
      @dismiss=${() => this.upload || this.share !== undefined || this.finish()} @dragover=${this.drag} @dragleave=${() => this.over = false} @drop=${this.drop}>
      <header><h2>${t.deploy}</h2><span class="spacer"></span>
        ${this.upload ? nothing : html`<button class="small" @click=${this.finish}>${t.cancel}</button>`}</header>
      <div class="body stack">
        ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
        ${this.upload ? html`<dl class="facts"><dt>${t.bundle}</dt><dd>${this.upload.name} <span class="quiet">${bytes(this.upload.size)}</span></dd>
            <dt>${t.sha256}</dt><dd class="mono">${this.upload.sha256}</dd>
            ${this.upload.signature ? html`<dt>${t.signedBy}</dt><dd>${signatureLine(this.upload.signature)}</dd>` : nothing}</dl>
            <deployment-change .caption=${t.changeTitles.install(this.upload.name)} .plan=${this.upload.plan}
              .changes=${[{action: 'install', upload: this.upload.id}]}></deployment-change>`
          : this.share === undefined ? html`<p>${t.deployHint}</p><label class="button file"><input class="visually-hidden" type="file"
            accept=".jar,application/java-archive" @change=${(event) => this.send(event.target.files[0])}>${t.chooseFile}</label>`
          : html`<p role="status">${t.uploading(Math.round(this.share * 100))}</p><meter-bar .value=${this.share}></meter-bar>`}
      </div></in-page>`;
  }

  drag(event) {
    event.preventDefault();
    this.over = true;
  }

  drop(event) {
    event.preventDefault();
    this.over = false;
    if (event.dataTransfer.files.length && !this.upload) {
      this.send(event.dataTransfer.files[0]);
    }
  }

  async send(file) {
    if (!file) {
      return;
    }
    this.problem = '';
    this.share = 0;
    try {
      this.upload = await api.upload(`/uploads?name=${segment(file.name)}`, file, (share) => this.share = share);
    } catch (error) {
      this.problem = error.message;
    } finally {
      this.share = undefined;
    }
  }

  finish() {
    this.dispatchEvent(new CustomEvent('finished', {bubbles: true}));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    if (this.upload && !this.taken) {
      // What is not deployed is not kept. One that waits for others is still needed.
      api.delete(`/uploads/${segment(this.upload.id)}`).catch(() => {});
    }
  }
}
customElements.define('bundle-upload', BundleUpload);
