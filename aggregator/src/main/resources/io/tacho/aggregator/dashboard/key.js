// The key, where one is wanted. It lives in this tab only, and is never part of an address.

import {byId, setText} from './dom.js';

const NAME = 'tacho-key';

export class Key {
  #resolve = null; // the promise of askAdmin()
  #isWanted = false; // whether the page needs a key

  constructor(onEntered) {
    this.dialog = byId('key-dialog');
    this.problem = byId('key-problem');
    this.forget = byId('forget-key');
    const input = byId('key');
    byId('key-form').addEventListener('submit', (event) => {
      event.preventDefault();
      const key = input.value.trim();
      input.value = '';
      const reply = this.#resolve;
      this.#resolve = null;
      this.#isWanted = false;
      this.dialog.close();
      if (reply) {
        reply(key);
      } else {
        this.keep(key);
        onEntered();
      }
    });
    byId('key-cancel').addEventListener('click', () => this.dialog.close());
    this.dialog.addEventListener('close', () => {
      this.#reply('');
      // a browser closes it at the second Escape at the latest; there is nothing to see behind it
      if (this.#isWanted && !this.dialog.open) {
        this.dialog.showModal();
      }
    });
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

  keep(key) {
    sessionStorage.setItem(NAME, key);
  }

  ask() {
    this.#reply('');
    this.#isWanted = true;
    this.#show('This aggregator wants a key', sessionStorage.getItem(NAME) ? 'That key was rejected.' : '');
    sessionStorage.removeItem(NAME);
  }

  // Resolves to the admin key that is entered, which is not kept yet; to '' if the dialog is canceled.
  askAdmin(problem) {
    if (this.#isWanted) {
      return Promise.resolve(''); // the page needs its own key first
    }
    const entered = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#show('This needs the admin key', problem);
    return entered;
  }

  #show(heading, problem) {
    setText(byId('key-heading'), heading);
    setText(this.problem, problem);
    byId('key-cancel').hidden = !this.#resolve;
    if (!this.dialog.open) {
      this.dialog.showModal();
    }
  }

  #reply(key) {
    this.#resolve?.(key);
    this.#resolve = null;
  }
}
