// Starts the console: who is here, which apps there are, then the screen that the address names.
import './shell.js';
import { follow, here } from './address.js';
import { store } from './store.js';

document.addEventListener('click', follow);
if (location.hash.includes('login=')) {
  const { logInByLink } = await import('./login.js');
  await logInByLink();
}
if (here().path !== '/login') {
  await store.start();
}
document.querySelector('fanfare-shell').ready();
