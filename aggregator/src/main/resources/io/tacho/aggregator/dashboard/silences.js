// Silences: the dialog that creates one of an alert, and the list of those that have not expired.

import {byId, el, setText} from './dom.js';

const HOUR_MILLIS = 3_600_000;
const HOURS = [1, 8, 24];

// The line of an alert file that silences an alert; names with a space cannot be written there.
export function silenceLine({labels: {alertname, node}}, endsAt) {
  return `silence ${alertname}${node === undefined ? '' : ` node=${node}`} until ${new Date(endsAt).toISOString().slice(0, 16)}Z`;
}

// The body of the request that silences an alert: in the terms of Alertmanager.
export function silenceRequest({labels: {alertname, node}}, endsAt, comment) {
  const matchers = [{name: 'alertname', value: alertname}];
  if (node !== undefined) {
    matchers.push({name: 'node', value: node});
  }
  return {matchers, endsAt: new Date(endsAt).toISOString(), ...(comment ? {comment} : {})};
}

const matcher = ({matchers}, name) => matchers.find((one) => one.name === name)?.value;

// "api-slow on chat-18"
const subject = (name, node) => name + (node === undefined || node === '*' ? '' : ` on ${node}`);

// post: sends a JSON body to a path, and throws the error of the server; onChange is called after a silence was created
export function openSilence(alert, post, onChange) {
  const dialog = byId('silence');
  const line = el('code', {id: 'silence-line'});
  const period = el('select', {id: 'silence-period', onchange: () => show()},
      ...HOURS.map((hours) => el('option', {value: hours}, `${hours} h`)), el('option', {value: ''}, 'until …'));
  const until = el('input', {id: 'silence-until', type: 'datetime-local', 'aria-label': 'until', hidden: true, onchange: () => show()});
  const comment = el('input', {id: 'silence-comment', maxlength: '255', autocomplete: 'off'});
  const problem = el('p', {id: 'silence-problem', class: 'problem', role: 'alert'});
  const create = el('button', {type: 'submit', class: 'primary'}, 'Silence');
  const endsAt = () => (period.value ? Date.now() + Number(period.value) * HOUR_MILLIS : Date.parse(until.value));
  const show = () => {
    until.hidden = period.value !== '';
    until.required = period.value === '';
    setText(line, Number.isNaN(endsAt()) ? '' : silenceLine(alert, endsAt()));
  };
  const submit = async (event) => {
    event.preventDefault();
    create.disabled = true;
    setText(problem, '');
    try {
      if (await post('alerts/silences', silenceRequest(alert, endsAt(), comment.value.trim()))) {
        dialog.close();
        onChange();
      }
    } catch (failure) {
      setText(problem, failure.message);
    }
    create.disabled = false;
  };
  show();
  const {alertname, node} = alert.labels;
  dialog.replaceChildren(el('form', {method: 'dialog', onsubmit: submit},
      el('h2', {id: 'silence-heading'}, `Silence ${subject(alertname, node)}`),
      el('label', {}, 'for ', period, ' ', until), el('label', {}, 'comment ', comment), problem,
      el('div', {class: 'actions'}, el('button', {type: 'button', id: 'silence-cancel', onclick: () => dialog.close()}, 'Cancel'), create),
      el('p', {}, 'Or without the admin key, as a line of the alert file:'), line));
  dialog.showModal();
}

export class SilenceList {
  #drawn = '';

  constructor(container, post, onChange) {
    this.post = post;
    this.onChange = onChange;
    this.list = el('ul', {class: 'silences', 'aria-label': 'Silences'});
    this.problem = el('p', {class: 'problem', role: 'alert'});
    container.append(this.list, this.problem);
  }

  // silences: those that have not expired
  render(silences) {
    const text = JSON.stringify(silences);
    if (text !== this.#drawn) {
      this.#drawn = text;
      this.list.hidden = silences.length === 0;
      this.list.replaceChildren(...silences.map((silence) => this.#item(silence)));
    }
  }

  #item(silence) {
    const {id, comment, startsAt, endsAt, status: {state}} = silence;
    const name = subject(matcher(silence, 'alertname'), matcher(silence, 'node'));
    const from = state === 'pending' ? ` from ${new Date(startsAt).toLocaleString()}` : '';
    return el('li', {'data-silence': id}, el('b', {}, name), ` silenced${from} until ${new Date(endsAt).toLocaleString()}`,
        comment ? ` · ${comment}` : null, ' ',
        id ? el('button', {type: 'button', 'aria-label': `End the silence of ${name}`, onclick: ({currentTarget}) => this.#end(id, currentTarget)}, 'end')
          : el('span', {class: 'quiet'}, 'by the alert file'));
  }

  async #end(id, button) {
    button.disabled = true;
    setText(this.problem, '');
    try {
      if (await this.post(`alerts/silences/${id}/end`)) {
        this.onChange();
        return;
      }
    } catch (failure) {
      setText(this.problem, failure.message);
    }
    button.disabled = false;
  }
}
