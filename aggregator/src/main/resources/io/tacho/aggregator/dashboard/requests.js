// Requests to the aggregator, with the key if one is needed, and the field catalogue.

import {byId, setText} from './dom.js';
import {setCatalogue} from './fields.js';
import {Key} from './key.js';

const RETRY_MILLIS = 2_000;

export class Requests {
  onRejected = () => {}; // called when the key is no longer accepted
  #onKey = () => {};
  #key = new Key(() => this.#onKey());

  headers() {
    return this.#key.headers();
  }

  // Asks for the key and calls back when one is entered.
  askKey(then) {
    this.#onKey = then;
    this.#key.ask();
  }

  fetch = async (path) => {
    const headers = this.headers();
    const response = await fetch(path, {headers, cache: 'no-store'});
    if (!response.ok) {
      // unless another key was entered since
      if (response.status === 401 && headers['X-API-Key'] === this.headers()['X-API-Key']) {
        this.onRejected();
      }
      throw new Error(`${path}: status ${response.status}`);
    }
    return response;
  };

  get = async (path) => (await this.fetch(path)).json();

  // Sends a change and returns whether it was made. Asks for the admin key where the current one does not suffice, and keeps it
  // once it was accepted; false if it is not entered. Throws the error of the server.
  post = async (path, body) => {
    let headers = this.headers();
    for (let entered = ''; ;) {
      const response = await fetch(path, {method: 'POST', headers, body: body && JSON.stringify(body)}).catch(() => {
        throw new Error('The aggregator does not respond.');
      });
      if (entered && response.status !== 401 && response.status !== 429) {
        this.#key.keep(entered);
      }
      if (response.ok) {
        return true;
      }
      if (response.status !== 401) {
        throw new Error((await response.json().catch(() => null))?.error?.message ?? `${path}: status ${response.status}`);
      }
      entered = await this.#key.askAdmin(entered && 'That key was rejected.');
      if (!entered) {
        return false;
      }
      headers = {'X-API-Key': entered};
    }
  };

  // Fetches the field catalogue until it succeeds; asks for the key if one is required.
  async loadCatalogue() {
    for (;;) {
      const response = await fetch('fields', {headers: this.headers(), cache: 'no-cache'}).catch(() => null);
      if (response?.ok) {
        setCatalogue(await response.json());
        byId('trouble').hidden = true;
        return;
      }
      if (response?.status === 401 || response?.status === 403) {
        await new Promise((resolve) => this.askKey(resolve));
      } else {
        byId('trouble').hidden = false;
        setText(byId('trouble'), 'The aggregator does not respond; trying again.');
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
      }
    }
  }
}
