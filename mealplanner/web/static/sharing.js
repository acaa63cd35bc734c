// Copies a link, or hands it to the phone's own way of sharing. The link can be copied by hand without this file.
"use strict";

document.querySelectorAll("[data-copy]").forEach((button) => {
  const input = document.getElementById(button.dataset.copy);
  if (!navigator.share && !navigator.clipboard) return;
  button.hidden = false;
  if (navigator.share) button.textContent = "Send";
  button.addEventListener("click", async () => {
    if (navigator.share) return navigator.share({ title: document.title, url: input.value }).catch(() => {});
    await navigator.clipboard.writeText(input.value);
    document.getElementById("said").textContent = "The link is copied.";
    button.textContent = "Copied";
  });
});
document.querySelectorAll("[data-link]").forEach((input) => input.addEventListener("focus", () => input.select()));
