// The key, where one is wanted. It lives in this tab only, and is never part of an address.

import {byId} from './dom.js';

const NAME = 'tacho-key';

export class Key {
  constructor(onEntered) {
    this.dialog = byId('key-dialog');
    this.problem = byId('key-problem');
    this.forget = byId('forget-key');
    const input = byId('key');
    byId('key-form').addEventListener('submit', (event) => {
      event.preventDefault();
      sessionStorage.setItem(NAME, input.value.trim());
      input.value = '';
      this.dialog.close();
      onEntered();
    });
    // there is nothing to see behind it
    this.dialog.addEventListener('cancel', (event) => event.preventDefault());
    this.forget.addEventListener('click', () => {
      sessionStorage.removeItem(NAME);
      location.reload();
    });
  }

  headers() {
    const key = sessionStorage.getItem(NAME);
    this.forget.hidden = !key;
    return key ? {'X-API-Key': key} : {};
  }

  ask() {
    this.problem.textContent = sessionStorage.getItem(NAME) ? 'That key was rejected.' : '';
    sessionStorage.removeItem(NAME);
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }
}
