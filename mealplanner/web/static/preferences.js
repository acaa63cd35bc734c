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
    total.hidden = false;
    total.classList.toggle("off", sum !== 100);
    total.textContent =
      sum === 100 ? "Together 100 %." : `Together ${sum} %: ${Math.abs(100 - sum)} too ${sum > 100 ? "many" : "few"}.`;
  }

  root.addEventListener("input", draw);
  draw();
}

// How this browser is set up, where the server knows its time zone.
function browserSettings(form) {
  const { timeZone, hourCycle } = new Intl.DateTimeFormat(navigator.language, { hour: "numeric" }).resolvedOptions();
  const option = [...form.querySelectorAll("select[name=time_zone] option")].find((one) => one.value === timeZone);
  if (!option) return null;
  return {
    values: {
      time_zone: timeZone,
      units: /-(LR|MM|US)\b/.test(navigator.language) ? "imperial" : "metric",
      hours: ["h11", "h12"].includes(hourCycle) ? "12h" : "24h",
    },
    place: timeZone.split("/").at(-1).replaceAll("_", " "),
  };
}

function inWords({ values, place }) {
  const amounts = values.units === "imperial" ? "ounces and pounds" : "grams";
  return `${place} time, ${amounts}, a ${values.hours === "12h" ? "12" : "24"}-hour clock`;
}

function fillIn(form, values) {
  form.querySelector("[name=time_zone]").value = values.time_zone;
  for (const name of ["units", "hours"]) form.querySelector(`[name=${name}][value="${values[name]}"]`).checked = true;
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
document.querySelectorAll("[data-browser]").forEach(takeFromBrowser);
document.querySelectorAll("[data-settings-offer]").forEach(offerBrowser);
