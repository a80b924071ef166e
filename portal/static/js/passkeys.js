// Passkeys: the browser asks the device, and its answer is sent as any other form.
(function () {
  "use strict";

  function bytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }

  function text(buffer) {
    const plain = String.fromCharCode.apply(null, new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function asked(form) {
    const options = JSON.parse(form.dataset.options);
    options.challenge = bytes(options.challenge);
    if (options.user) options.user.id = bytes(options.user.id);
    (options.allowCredentials || []).concat(options.excludeCredentials || []).forEach(function (one) {
      one.id = bytes(one.id);
    });
    return { publicKey: options };
  }

  function answer(made) {
    const response = {};
    ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"].forEach(function (part) {
      if (made.response[part]) response[part] = text(made.response[part]);
    });
    return JSON.stringify({
      id: made.id, rawId: text(made.rawId), type: made.type, response: response, clientExtensionResults: {}
    });
  }

  async function send(event) {
    const form = event.target;
    if (!form.matches("[data-passkey]")) return;
    event.preventDefault();
    const fault = form.querySelector("[data-passkey-fault]");
    fault.hidden = true;
    try {
      const made = await navigator.credentials[form.dataset.passkey](asked(form));
      form.elements.credential.value = answer(made);
    } catch (refused) {
      fault.hidden = false;
      return;
    }
    form.submit();
  }

  document.querySelectorAll("[data-passkey]").forEach(function (form) {
    form.hidden = !window.PublicKeyCredential;
  });
  document.querySelectorAll("[data-no-passkey]").forEach(function (words) {
    words.hidden = Boolean(window.PublicKeyCredential);
  });
  document.addEventListener("submit", send);
})();
