// Requests to the console's own API, which scripts can use as well: docs/console.md.
import { encoded } from './address.js';

/** What the server has refused, or that it has not answered (status 0). */
export class Failure extends Error {
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

/** The JSON of a path below `/api`; parameters that are empty are left out. */
export function get(segments, params = {}) {
  const given = Object.entries(params).filter(([, value]) => (value ?? '') !== '');
  const query = new URLSearchParams(given).toString();
  return send('GET', address(segments) + (query ? `?${query}` : ''));
}

/** One thing of a list of an app, of the node with that name, or of this one if it is empty. */
export async function getOf(node, app, list, name) {
  if (!node) {
    return get(['apps', app, list, name]);
  }
  const { nodes } = await get(['apps', app, 'nodes', list, name]);
  return answerOf(nodes, node);
}

/** What one of the nodes has answered; fails if it is silent, or has refused to. */
export function answerOf(nodes, node) {
  const { answer } = nodes.find((each) => each.node === node) ?? {};
  if (!answer || answer.error) {
    throw new Failure(answer ? 404 : 0, answer?.error ?? `Node ${node} does not answer.`);
  }
  return answer;
}

/** Changes something; the answer is JSON or nothing. */
export function post(segments, body = {}) {
  return send('POST', address(segments), JSON.stringify(body));
}

export function address(segments) {
  return `/api/${segments.map(encoded).join('/')}`;
}

async function send(method, url, body) {
  const headers = { Accept: 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
    headers['X-Fanfare-Console'] = '1';
  }
  const response = await fetch(url, { method, body, headers }).catch(() => {
    throw new Failure(0, 'The server does not answer.');
  });
  const text = await response.text().catch(() => '');
  const answer = parsed(text);
  if (!response.ok) {
    throw new Failure(response.status, answer?.error ?? `The answer was ${response.status}.`);
  }
  return answer;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
