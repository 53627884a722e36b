// SPDX-License-Identifier: Apache-2.0
import {html, nothing} from 'lit';
import {count} from '../format.js';
import {t} from '../texts.js';

const KINDS = {'+': 'added', '-': 'removed'};

/** A text with what changes in it: each line begins with its sign, so that colour is not needed. */
export function diff(lines) {
  return html`<pre class="diff mono" tabindex="0">${lines.map((line) => html`<span class=${KINDS[line[0]] ?? ''}>${line}
</span>`)}</pre>`;
}

/** What a deployment would do, or why it cannot be done. */
export function planView(plan) {
  const known = plan.missing.filter((missing) => missing.providers.length);
  return html`
    ${plan.restart ? html`<p class="note warn">${t.planRestart}</p>` : nothing}
    ${plan.possible ? html`<p class="quiet small">${t.planTitle}</p>
      <ul class="effects">${plan.effects.length ? plan.effects.map((effect) => html`<li>${effect}</li>`) : html`<li>${t.nothingElse}</li>`}</ul>`
      : html`<p class="bad">${t.planImpossible}</p><ul class="effects">${plan.problems.map((problem) => html`<li>${problem}</li>`)}</ul>`}
    ${known.length ? html`<div class="note warn"><ul class="effects">${known.map((missing) =>
      html`<li>${t.wouldProvide(missing.providers.join(', '))}</li>`)}</ul></div>` : nothing}
    ${plan.bundles.length > 1 ? html`<table class="flow plan"><thead><tr><th>${t.bundle}</th><th>${t.whatHappens}</th><th>${t.version}</th></tr></thead>
      <tbody>${plan.bundles.map((bundle) => html`<tr><td class="lead">${bundle.name}${bundle.nativeCode ? html` <span class="chip">${t.nativeCode}</span>` : nothing}</td>
        <td>${t.effects[bundle.effect]}</td><td class="nowrap">${bundle.from && bundle.to && bundle.from !== bundle.to
          ? `${bundle.from} → ${bundle.to}` : bundle.to || bundle.from}</td></tr>`)}</tbody></table>` : nothing}
    ${plan.pauses.length ? html`<div><h3>${t.pauseTitle}</h3><div class="chips">${plan.pauses.map((pause) =>
      html`<a class="chip" href=${`/devices/${encodeURIComponent(pause.device)}`}>${pause.device} <span>${t.tags(count(pause.tags))}</span></a>`)}</div></div>` : nothing}
    ${plan.rewirings.length ? html`<details><summary class="small quiet">${t.rewired} (${plan.rewirings.length})</summary>
      <ul class="small mono">${plan.rewirings.map((one) => html`<li>${one.bundle}: ${one.what}, ${one.from || t.nobody} → ${one.to}</li>`)}</ul></details>` : nothing}
    ${plan.configurations.map((change) => html`<div><h3>${change.pid} <span class="quiet small">${t.configurationEffects[change.effect]}</span></h3>
      ${diff(change.lines)}</div>`)}`;
}
