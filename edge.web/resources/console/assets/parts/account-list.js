// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {View} from '../view.js';
import {api, segment} from '../api.js';
import {ROLES, session} from '../session.js';
import {LoadedData} from './loaded-data.js';
import {t} from '../texts.js';
import './in-page.js';

/** People and machines that may use the gateway. A secret is shown once, when it is made. */
class AccountList extends View {
  static properties = {form: {state: true}, problem: {state: true}, secret: {state: true}, asking: {state: true},
    copied: {state: true}};

  accounts = new LoadedData(this, '/accounts', 0);

  render() {
    return html`<section class="panel"><header><h2>${t.accounts}</h2><span class="spacer"></span>
        <button class="small" @click=${() => this.open('person')}>${t.addPerson}</button>
        <button class="small" @click=${() => this.open('machine')}>${t.addMachine}</button></header>
      ${this.secret ? html`<div class="body"><div class="note good" role="status">${t.secretFor(this.secret.name)}
        <span class="row"><code class="secret">${this.secret.secret}</code>
        <button class="small" @click=${this.copy}>${this.copied ? t.copied : t.copy}</button>
        <button class="small" @click=${() => this.secret = undefined}>${t.close}</button></span></div></div>` : nothing}
      ${this.form ? this.fields() : nothing}
      ${this.problem && !this.form ? html`<div class="body"><p class="note bad" role="alert">${this.problem}</p></div>` : nothing}
      ${this.accounts.show(({items}) => html`<table class="flow"><thead><tr><th>${t.name}</th><th>${t.kind}</th><th>${t.role}</th><th><span class="visually-hidden">${t.actions}</span></th></tr></thead>
        <tbody>${items.map((account) => this.row(account))}</tbody></table>`)}</section>`;
  }

  row(account) {
    const asking = this.asking?.name === account.name ? this.asking : undefined;
    return html`<tr><td class="lead">${account.name}
        ${asking ? html`<in-page class="note warn" role="alertdialog" aria-label=${account.name} @dismiss=${() => this.asking = undefined}>${asking.remove ? t.removing(account.name) : t.newSecretWarning(account.name)}
          <span class="row"><button class="small danger" @click=${() => asking.remove ? this.removeAccount(account) : this.issue(account.name, account.role)}>
            ${asking.remove ? t.remove : t.newSecret} ${account.name}</button>
          <button class="small" @click=${() => this.asking = undefined}>${t.cancel}</button></span></in-page>` : nothing}</td>
      <td>${t.kinds[account.kind]}</td><td>${t.roles[account.role]}</td>
      <td class="number"><span class="row actions">
        ${account.kind === 'machine' ? html`<button class="small" @click=${() => this.asking = {name: account.name}}>${t.newSecret}</button>`
          : html`<button class="small" @click=${() => this.open('person', account)}>${t.changePassword}</button>`}
        ${account.name === session.me?.name ? nothing
          : html`<button class="small danger" @click=${() => this.asking = {name: account.name, remove: true}}>${t.remove}</button>`}</span></td></tr>`;
  }

  fields() {
    const {kind, account} = this.form;
    return html`<in-page @dismiss=${() => this.form = undefined}><form class="body card account" @submit=${this.submit}>
      <label class="field"><span>${t.name}</span><input name="name" autocapitalize="none" spellcheck="false" autocomplete="off" required
        .value=${account?.name ?? ''} ?readonly=${account !== undefined}></label>
      <label class="field"><span>${t.role}</span><select name="role">${ROLES.map((role) =>
        html`<option value=${role} ?selected=${role === (account?.role ?? 'viewer')}>${t.roles[role]}</option>`)}</select></label>
      ${kind === 'person' ? html`<label class="field"><span>${t.password}</span>
        <input name="password" type="password" autocomplete="new-password" required><span class="hint">${t.passwordHint}</span></label>`
        : html`<p class="quiet small">${t.machineHint}</p>`}
      ${this.problem ? html`<p class="note bad" role="alert">${this.problem}</p>` : nothing}
      <span class="row"><button class="primary">${kind === 'person' ? t.save : t.create}</button>
        <button type="button" @click=${() => this.form = undefined}>${t.cancel}</button></span></form></in-page>`;
  }

  open(kind, account) {
    this.form = {kind, account};
    this.problem = '';
    this.asking = undefined;
  }

  updated(changed) {
    if (changed.has('form') && this.form) {
      this.querySelector(this.form.account ? 'form [name=password]' : 'form [name=name]').focus();
    }
  }

  submit(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    if (this.form.kind === 'person') {
      this.ask(async () => {
        await api.put(`/accounts/${segment(form.get('name'))}`, {password: form.get('password'), role: form.get('role')});
        this.form = undefined;
      });
    } else {
      this.issue(form.get('name'), form.get('role'));
    }
  }

  issue(name, role) {
    this.ask(async () => {
      this.secret = await api.post(`/accounts/${segment(name)}/secret`, {role});
      this.copied = false;
      this.form = undefined;
    });
  }

  removeAccount(account) {
    this.ask(() => api.delete(`/accounts/${segment(account.name)}`));
  }

  async ask(work) {
    this.problem = '';
    this.asking = undefined;
    try {
      await work();
    } catch (error) {
      this.problem = error.message;
    }
    this.accounts.load();
  }

  async copy() {
    await navigator.clipboard.writeText(this.secret.secret);
    this.copied = true;
  }
}
customElements.define('account-list', AccountList);
