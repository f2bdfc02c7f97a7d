// The same publish for a program. The secret is never here: each names where it comes from.

export const LANGUAGES = ['curl', 'PHP', 'Node.js'];

/** A program in one of the languages that publishes an event: `{channels, event, data, socket_id}`. */
export function snippet(language, app, event) {
  return { curl, PHP: php, 'Node.js': node }[language](app, event);
}

function curl(app, { channels, event, data, socket_id: socket }) {
  const body = JSON.stringify({ name: event, channels, data, ...(socket && { socket_id: socket }) });
  return `# FANFARE_URL, FANFARE_KEY and FANFARE_SECRET are those of the server and of app ${app}
body=${shell(body)}
query="auth_key=$FANFARE_KEY&auth_timestamp=$(date +%s)&auth_version=1.0&body_md5=$(printf %s "$body" | md5sum | cut -c -32)"
signature=$(printf 'POST\\n%s\\n%s' ${shell(path(app))} "$query" | openssl dgst -sha256 -hmac "$FANFARE_SECRET" -r | cut -c -64)
curl -H 'Content-Type: application/json' -d "$body" "$FANFARE_URL"${shell(path(app))}"?$query&auth_signature=$signature"`;
}

function php(app, { channels, event, data, socket_id: socket }) {
  const parameters = socket ? `['socket_id' => ${single(socket)}]` : '[]';
  return `$pusher = new Pusher\\Pusher($key, $secret, ${single(app)}, ['host' => $host, 'port' => $port, 'scheme' => 'https']);
$isEncoded = true; // the data is sent as it is
$pusher->trigger([${channels.map(single).join(', ')}], ${single(event)}, ${single(data)}, ${parameters}, $isEncoded);`;
}

function node(app, { channels, event, data, socket_id: socket }) {
  const parameters = socket ? `, { socket_id: ${JSON.stringify(socket)} }` : '';
  return `const pusher = new Pusher({ appId: ${JSON.stringify(app)}, key, secret, host, port, useTLS: true });
await pusher.trigger(${JSON.stringify(channels)}, ${JSON.stringify(event)}, ${JSON.stringify(data)}${parameters});`;
}

function path(app) {
  return `/apps/${encodeURIComponent(app)}/events`;
}

function shell(text) {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function single(text) {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}
