// The cook view: one step at a time without loading a page, timers that outlive it, and a screen that stays on.
// Without this file each step is a page of its own, and times are words.
"use strict";

const STORE = "mealplanner-timers";
const SWIPE = 60;
const RINGS = 12; // one every AGAIN seconds, until it is stopped
const AGAIN = 5;

const root = document.querySelector("[data-cook]");
const steps = [...root.querySelectorAll("[data-at]")];
const said = root.querySelector("[data-said]");

// Steps

function current() {
  return steps.findIndex((step) => !step.hidden);
}

function show(number) {
  if (number < 0 || number >= steps.length || number === current()) return;
  steps.forEach((step, index) => (step.hidden = index !== number));
  const address = new URL(location);
  address.searchParams.set("step", number);
  history.replaceState(null, "", address);
  scrollTo(0, 0);
  steps[number].querySelector("h2").focus({ preventScroll: true });
}

root.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-step]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  show(Number(link.dataset.step));
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const pressing = event.target.closest("a, button");
  if ((event.key === " " && !pressing && !event.shiftKey) || event.key === "ArrowRight" || event.key === "PageDown") {
    event.preventDefault();
    show(current() + 1);
  } else if ((event.key === " " && !pressing) || event.key === "ArrowLeft" || event.key === "PageUp") {
    event.preventDefault();
    show(current() - 1);
  }
});

let touch = null;
root.addEventListener("touchstart", (event) => (touch = event.touches.length === 1 ? event.touches[0] : null), {
  passive: true,
});
root.addEventListener("touchend", (event) => {
  if (!touch) return;
  const right = event.changedTouches[0].clientX - touch.clientX;
  const down = event.changedTouches[0].clientY - touch.clientY;
  touch = null;
  if (Math.abs(right) > SWIPE && Math.abs(right) > 2 * Math.abs(down)) show(current() + (right < 0 ? 1 : -1));
});

// Timers: what is kept is when each ends, so that neither a reload nor a sleeping tab delays one.

const tray = root.querySelector("[data-timers]");
let timers = [];
let sound = null;

function stored() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) || "[]");
    return Array.isArray(found) ? found.filter((timer) => timer && timer.ends > Date.now() - 3600000) : [];
  } catch {
    return [];
  }
}

function store() {
  try {
    localStorage.setItem(STORE, JSON.stringify(timers.map(({ label, ends }) => ({ label, ends }))));
  } catch {
    // A browser that keeps nothing still counts.
  }
}

function clock(seconds) {
  const two = (value) => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours ? two(Math.floor((seconds % 3600) / 60)) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return hours ? `${hours}:${rest}` : rest;
}

function button(words, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button quiet";
  made.textContent = words;
  made.setAttribute("aria-label", name);
  made.addEventListener("click", act);
  return made;
}

function add(timer) {
  const row = document.createElement("div");
  row.className = "cook-timer";
  const label = document.createElement("span");
  label.textContent = timer.label;
  const left = document.createElement("b");
  left.setAttribute("role", "timer");
  const more = button("+1 min", `${timer.label}: one more minute`, () => {
    timer.ends = Math.max(timer.ends, Date.now()) + 60000;
    timer.rings = 0;
    store();
    tick();
  });
  const stop = button("Stop", `${timer.label}: stop`, () => {
    timers = timers.filter((other) => other !== timer);
    row.remove();
    store();
    tick();
  });
  row.append(label, left, more, stop);
  Object.assign(timer, { row, left, stop });
  timers.push(timer);
  tray.append(row);
}

function begin(label, seconds, words) {
  add({ label, ends: Date.now() + seconds * 1000, rings: 0 });
  said.textContent = `Timer started: ${label}, ${words}.`;
  store();
  tick();
}

// A sound may only be prepared by a touch or a key; a timer of before a reload needs one too.
["pointerdown", "keydown"].forEach((kind) =>
  addEventListener(kind, () => (sound ??= window.AudioContext ? new AudioContext() : null), { once: true }),
);

function ring() {
  navigator.vibrate?.([300, 150, 300]);
  if (!sound) return;
  [0, 0.25, 0.5].forEach((start) => {
    const tone = sound.createOscillator();
    const volume = sound.createGain();
    volume.gain.setValueAtTime(0.3, sound.currentTime + start);
    volume.gain.exponentialRampToValueAtTime(0.001, sound.currentTime + start + 0.2);
    tone.frequency.value = 880;
    tone.connect(volume).connect(sound.destination);
    tone.start(sound.currentTime + start);
    tone.stop(sound.currentTime + start + 0.2);
  });
}

function tick() {
  tray.hidden = timers.length === 0;
  let over = null;
  timers.forEach((timer) => {
    const left = Math.ceil((timer.ends - Date.now()) / 1000);
    timer.row.classList.toggle("over", left <= 0);
    timer.left.textContent = left > 0 ? clock(left) : "Time's up";
    timer.stop.textContent = left > 0 ? "Stop" : "OK";
    if (left <= 0) over = timer;
    const rings = left > 0 ? 0 : Math.min(RINGS, 1 + Math.floor(-left / AGAIN));
    if (rings > timer.rings) ring();
    if (rings > 0 && timer.rings === 0) said.textContent = `Time's up: ${timer.label}.`;
    timer.rings = Math.max(rings, timer.rings);
  });
  document.title = over ? `Time's up: ${over.label}` : title;
}

const title = document.title;
root.querySelectorAll("[data-seconds]").forEach((time) => {
  const { label, seconds } = time.dataset;
  const start = button(time.textContent, `Start a timer: ${label}, ${time.textContent}`, () =>
    begin(label, Number(seconds), time.textContent),
  );
  start.className = "timer-start";
  time.replaceWith(start);
});
stored().forEach((timer) => add({ ...timer, rings: timer.ends < Date.now() ? RINGS : 0 }));
tick();
setInterval(tick, 250);

// The screen

async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  try {
    await navigator.wakeLock?.request("screen");
  } catch {
    // A browser that saves its battery may refuse.
  }
}

document.addEventListener("visibilitychange", stayAwake);
stayAwake();
root.querySelector("[data-help]").hidden = false;
