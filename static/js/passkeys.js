// Passkeys. Parts marked data-passkey-part are shown only where the browser knows passkeys.
// A form marked data-passkey asks the device for its credential, then is sent with it.

const known = window.PublicKeyCredential?.parseRequestOptionsFromJSON;

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options);
  const answer = await fetch(form.action, { headers: { Accept: 'application/json' } });
  return answer.json();
}

async function credential(form) {
  const { request_options: request, creation_options: creation } = await options(form);
  if (form.dataset.passkey === 'get') {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(request.publicKey) });
  }
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(creation.publicKey);
  if (form.elements.passwordless?.checked) {
    publicKey.authenticatorSelection.residentKey = 'required';
    publicKey.authenticatorSelection.requireResidentKey = true;
    publicKey.authenticatorSelection.userVerification = 'required';
  }
  return navigator.credentials.create({ publicKey });
}

async function send(form) {
  const words = form.querySelector('[data-failed]');
  words.textContent = '';
  try {
    form.elements.credential.value = JSON.stringify(await credential(form));
    form.submit();
  } catch {
    words.textContent = words.dataset.failed;
  }
}

if (known) {
  document.querySelectorAll('[data-passkey-part]').forEach((part) => { part.hidden = false; });
  document.querySelectorAll('[data-passkey-missing]').forEach((part) => { part.hidden = true; });
  document.querySelectorAll('form[data-passkey]').forEach((form) => {
    form.querySelector('button').addEventListener('click', () => send(form));
    // Enter in the name of a new passkey is the same as the button.
    form.addEventListener('submit', (event) => { event.preventDefault(); send(form); });
  });
}
