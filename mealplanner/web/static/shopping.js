// Ticks a list without a reload, with or without a connection. The list works without this file too.
//
// A tick has an id that is made here, and waits in this browser until the server has taken it. Sent twice, it counts
// once; in which order ticks arrive does not matter. So a tick that may or may not have arrived is simply sent again.
"use strict";

const root = document.getElementById("shopping");
const form = document.getElementById("list");
const status = document.getElementById("said");
const waitingNote = document.getElementById("waiting");
const QUEUE = `ticks ${root.dataset.list} `;
const LOOK_AGAIN = 15000;
const LONGEST_PAUSE = 60000;

let sending = false;
let pause = 1000;
let retry = 0;

// Each tick has an entry of its own, so that two windows never write the same one.
const queue = {
  all: () =>
    Object.keys(localStorage)
      .filter((key) => key.startsWith(QUEUE))
      .map((key) => ({ key, ...JSON.parse(localStorage.getItem(key)) }))
      .sort((one, other) => one.at - other.at),
  add: (tick) => localStorage.setItem(QUEUE + tick.id, JSON.stringify(tick)),
  drop: (tick) => localStorage.removeItem(tick.key),
};

const here = () => queue.all().filter((tick) => tick.list === listOf());
const listOf = () => `${form.elements.from?.value ?? ""} ${form.elements.to?.value ?? ""}`;

function tell(words) {
  status.textContent = words;
}

function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // where there is no TLS
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Says how many ticks wait for a connection; none, once all are sent.
function noteWaiting(number) {
  const ticks = number === 1 ? "1 tick waits" : `${number} ticks wait`;
  waitingNote.textContent = `No connection. ${ticks} on this phone and will be sent when you are back.`;
  waitingNote.hidden = number === 0;
}

// What a button sends: the state, the subject, the grams of a food, and the ticks that were seen.
function parse(value) {
  const parts = value.split(" ");
  const last = parts.at(-1);
  const seen = parts.length > 2 && /^[0-9a-f]{8}-/.test(last) ? parts.pop().split(",") : [];
  return { state: parts[0], subject: parts[1], grams: parts[2] ?? "", seen };
}

const written = ({ state, subject, grams, seen }) => [state, subject, grams, seen.join(",")].filter(Boolean).join(" ");
const rowOf = (subject) => document.getElementById(`food-${subject}`) ?? document.getElementById(`item-${subject}`);

// Shows a tick that the server has not taken yet: the row, and what its buttons send from now on.
function show(tick) {
  const row = rowOf(tick.subject);
  if (!row) return;
  const state = tick.state === "elsewhere" ? "bought" : tick.state;
  const was = row.classList.contains("bought");
  row.classList.remove("open", "bought", "later");
  row.classList.add(state, "pending");
  for (const button of row.querySelectorAll("[name=tick]")) {
    const press = parse(button.value);
    const next = button.matches(".get") ? (state === "open" ? "bought" : "open") : press.state;
    button.value = written({ ...press, state: next, seen: [tick.id] });
  }
  row.querySelector(".get").setAttribute("aria-pressed", String(state === "bought"));
  row.querySelector("details").open = false;
  count((state === "bought") - was, row);
}

function count(by, row) {
  const bar = root.querySelector("progress");
  if (!bar || row.matches(".check, .spare")) return;
  bar.value += by;
  root.querySelector(".so-far b").textContent = bar.value;
}

function press(button) {
  const tick = { id: uuid(), at: Date.now(), list: listOf(), address: form.action, ...parse(button.value) };
  const name = rowOf(tick.subject).querySelector(".what b").textContent;
  queue.add(tick);
  show(tick);
  const words = { bought: "bought", elsewhere: "bought elsewhere", later: "not today", open: "on the list again" };
  tell(`${name}: ${words[tick.state]}.`);
  pause = 1000;
  send();
}

// A page from before the sign-in, or one that was kept, has an old token; any fresh page has the right one.
async function freshPage() {
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (answer.status === 404) {
    clearInterval(looking);
    tell("This list is not shared any more.");
  }
  if (!answer.ok || new URL(answer.url).pathname !== location.pathname) return null;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("meta[name=csrf-token]")?.content;
  if (token) document.querySelector("meta[name=csrf-token]").content = token;
  return page;
}

async function post(tick) {
  const body = { id: tick.id, tick: written(tick) };
  [body.from, body.to] = tick.list.split(" ");
  const headers = { "Content-Type": "application/json", "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
  return fetch(tick.address, { method: "POST", headers, body: JSON.stringify(body) });
}

// Sends what waits, the oldest first. What the server refuses for good is said and dropped; all else is tried again.
async function send() {
  if (sending) return;
  sending = true;
  clearTimeout(retry);
  try {
    for (let waiting = queue.all(), renewed = false; waiting.length; waiting = queue.all()) {
      const [tick] = waiting;
      const answer = await post(tick);
      if (answer.status === 400 && !renewed) {
        renewed = true;
        if (await freshPage()) continue;
      }
      if (answer.status === 401 || answer.status === 400) return tell("You have been signed out. Your ticks wait here: sign in to send them.");
      if (answer.status === 429 || answer.status >= 500) throw new Error(answer.statusText);
      if (!answer.ok) tell(answer.status === 404 ? "This list is not shared any more, so your tick could not be sent." : "A tick could not be kept. Please reload the page.");
      queue.drop(tick);
    }
    pause = 1000;
    noteWaiting(0);
    await renew();
  } catch {
    noteWaiting(queue.all().length);
    retry = setTimeout(send, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
    return;
  } finally {
    sending = false;
  }
  if (queue.all().length) send(); // ticked while the list was drawn again
}

// Draws the list as the server has it now, and on it what still waits. What is open stays open, and focus stays.
async function renew() {
  const page = await freshPage();
  const fresh = page?.getElementById("shopping");
  if (!fresh || queue.all().length) return;
  document.querySelector(".notice.offline")?.remove();
  if (fresh.innerHTML === drawn) return;
  const focus = document.activeElement?.closest(".row")?.id;
  const inside = focus && document.activeElement.matches("summary") ? "summary" : ".get";
  const open = root.querySelector(".row details[open]")?.closest(".row").id;
  drawn = fresh.innerHTML;
  root.replaceChildren(...document.importNode(fresh, true).childNodes);
  if (open) document.getElementById(open)?.querySelector("details").setAttribute("open", "");
  if (focus) document.getElementById(focus)?.querySelector(inside)?.focus({ preventScroll: true });
}

let drawn = root.innerHTML;
here().forEach(show);
root.addEventListener("click", (event) => {
  const button = event.target.closest("[name=tick]");
  if (!button) return;
  event.preventDefault();
  press(button);
});
addEventListener("online", () => send());
addEventListener("pageshow", (event) => (event.persisted || queue.all().length) && send());
document.addEventListener("visibilitychange", () => document.hidden || send());
const looking = setInterval(() => document.hidden || navigator.onLine === false || send(), LOOK_AGAIN);
