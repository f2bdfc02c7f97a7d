import { html, Part } from './part.js';
import { shown } from './text.js';

const SIGNS = { yes: '✓', no: '✗', unknown: '?' };
const WORDS = { yes: 'yes', no: 'no', unknown: 'not known' };

/** `<fanfare-chain>`: the ten steps of an event to one connection. The first no is the cause. */
class Chain extends Part {
  /** The answer of `/traces/ID/to/SOCKET`. */
  chain;

  view() {
    const { steps, headline, to, node } = this.chain;
    const whom = shown(node ? `${to} on ${node}` : to);
    const end = headline.endsWith('?') ? '' : '.';
    const isLost = steps.some((step) => step.made === 'no');
    return html`
      <p class="verdict" data-tone=${isLost ? 'bad' : 'good'}>
        ${isLost ? `Not delivered to ${whom}: ${shown(headline)}${end}` : `${sentence(shown(headline))}${end}`}
      </p>
      <ol class="chain" aria-label="Steps to connection ${whom}">
        ${steps.map(
          ({ step, what, made, text }) =>
            html`<li data-made=${made} class=${text === 'not reached' ? 'beyond' : ''}>
              <span class="sign" role="img" aria-label=${WORDS[made]}>${SIGNS[made]}</span>
              <span class="what">${step}. ${what}</span> <span class="why">${shown(text)}</span>
            </li>`,
        )}
      </ol>
    `;
  }
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

customElements.define('fanfare-chain', Chain);
