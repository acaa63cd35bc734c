// Passkeys: asks the browser for one, and sends what it answers with the form around the button.
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const withId = (descriptor) => ({ ...descriptor, id: bytes(descriptor.id) });

  const asked = (form) => {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    if (options.allowCredentials) options.allowCredentials = options.allowCredentials.map(withId);
    if (options.excludeCredentials) options.excludeCredentials = options.excludeCredentials.map(withId);
    return { publicKey: options };
  };

  const answer = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
  };

  const words = {
    NotAllowedError: "That was cancelled, or this device has no passkey for this site.",
    InvalidStateError: "This device has a passkey for your account already.",
    SecurityError: "Browsers don't give passkeys to this address. It needs a name, and https.",
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const said = form.querySelector("[data-said]");
    const field = form.querySelector("[name=credential]");
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      said.hidden = true;
      try {
        field.value = answer(await navigator.credentials[form.dataset.passkey](asked(form)));
      } catch (error) {
        said.textContent = words[error.name] || "Your browser couldn't use a passkey. Please try again.";
        said.hidden = false;
        return;
      }
      form.submit();
    });
  }
})();
