// What the forms of preferences and of accounts can do with a script; they work without it.
"use strict";

function watchMacros(root) {
  const inputs = [...root.querySelectorAll("input")];
  const parts = [...root.querySelectorAll(".stack .fill")];
  const total = root.querySelector("[data-total]");

  function draw() {
    const percents = inputs.map((input) => Math.max(0, Number(input.value) || 0));
    const sum = percents.reduce((left, right) => left + right, 0);
    const squeeze = Math.max(100, sum) / 100;
    let start = 0;
    parts.forEach((part, index) => {
      part.setAttribute("x", `${start}%`);
      part.setAttribute("width", `${percents[index] / squeeze}%`);
      start += percents[index] / squeeze;
    });
    total.classList.toggle("off", sum !== 100);
    total.textContent =
      sum === 100 ? "That adds up to 100 %." : `That adds up to ${sum} %: ${Math.abs(100 - sum)} too ${sum > 100 ? "many" : "few"}.`;
  }

  const splits = [...root.querySelectorAll("[data-split]")];

  function mark() {
    const typed = inputs.map((input) => input.value).join(",");
    splits.forEach((split) => split.setAttribute("aria-pressed", split.dataset.split === typed));
  }

  splits.forEach((split) =>
    split.addEventListener("click", (event) => {
      event.preventDefault();
      split.dataset.split.split(",").forEach((percent, index) => (inputs[index].value = percent));
      draw();
      mark();
    }),
  );
  root.addEventListener("input", () => {
    draw();
    mark();
  });
  draw();
}

// The minutes that the slider stands for, by the points that the server uses.
function watchEffort(root) {
  const slider = root.querySelector("input");
  const words = root.querySelector("[data-minutes]");
  const points = JSON.parse(root.dataset.effort);

  slider.addEventListener("input", () => {
    const value = Number(slider.value);
    const above = points.findIndex(([complexity]) => value <= complexity);
    const [[low, start], [high, end]] = points.slice(Math.max(above, 1) - 1);
    const minutes = Math.round(start + ((end - start) * (value - low)) / (high - low));
    const parts = [minutes >= 60 ? `${Math.floor(minutes / 60)} h` : "", minutes % 60 ? `${minutes % 60} min` : ""];
    words.textContent = `Now: up to ${parts.filter(Boolean).join(" ")}`;
  });
}

// Enter in one of its fields asks for the sum, rather than saving the whole form.
function watchFinder(root) {
  root.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.type === "submit" || event.target.tagName === "SUMMARY") return;
    event.preventDefault();
    root.querySelector("button").click();
  });
}

// How this browser is set up, where the server knows its time zone.
function browserSettings(form) {
  const { timeZone, hourCycle } = new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions();
  const date = new Intl.DateTimeFormat(navigator.language, { day: "numeric", month: "long" }).formatToParts();
  const option = [...form.querySelectorAll("select[name=time_zone] option")].find((one) => one.value === timeZone);
  if (!option) return null;
  return {
    values: {
      time_zone: timeZone,
      units: /-(LR|MM|US)\b/.test(navigator.language) ? "imperial" : "metric",
      hours: ["h11", "h12"].includes(hourCycle) ? "12h" : "24h",
      dates: date.find(({ type }) => type !== "literal").type === "month" ? "month-first" : "day-first",
    },
    place: timeZone.split("/").at(-1).replaceAll("_", " "),
  };
}

function inWords({ values, place }) {
  const amounts = values.units === "imperial" ? "ounces and pounds" : "grams";
  const date = values.dates === "month-first" ? "November 28" : "28 November";
  return `${place} time, ${amounts}, a ${values.hours === "12h" ? "12" : "24"}-hour clock, dates like ${date}`;
}

function fillIn(form, values) {
  form.querySelector("[name=time_zone]").value = values.time_zone;
  for (const name of ["units", "hours", "dates"]) form.querySelector(`[name=${name}][value="${values[name]}"]`).checked = true;
}

// A new account begins with them; the details can be opened to change them.
function takeFromBrowser(details) {
  const found = browserSettings(details);
  if (!found) return;
  fillIn(details, found.values);
  details.querySelector("[data-settings-words]").textContent = inWords(found);
  details.open = false;
}

// An account that differs from them can take them over.
function offerBrowser(offer) {
  const form = offer.closest("form");
  const found = browserSettings(form);
  const chosen = new FormData(form);
  if (!found || Object.entries(found.values).every(([name, value]) => chosen.get(name) === value)) return;
  offer.querySelector("[data-settings-words]").textContent = `Your browser says ${inWords(found)}.`;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    fillIn(form, found.values);
    form.requestSubmit();
  });
}

document.querySelectorAll("[data-macros]").forEach(watchMacros);
document.querySelectorAll("[data-effort]").forEach(watchEffort);
document.querySelectorAll("[data-finder]").forEach(watchFinder);
document.querySelectorAll("[data-browser]").forEach(takeFromBrowser);
document.querySelectorAll("[data-settings-offer]").forEach(offerBrowser);
