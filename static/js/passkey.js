// Passkeys: asks the device and sends its answer with the form. Forms wait hidden until this runs, because without
// scripts a browser has no passkeys.
//
//   <form data-passkey="sign-in|show|add" hidden> ... <input type="hidden" name="credential"> <button> </form>
//   <script type="application/json" id="passkey-data">{...}</script>   (not for sign-in: that asks the server)

const made = () => JSON.parse(document.getElementById("passkey-data").textContent);

async function options(form) {
  if (form.dataset.passkey !== "sign-in") return made();
  const answer = await fetch(form.action, { headers: { Accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function credential(form) {
  const data = await options(form);
  if (form.dataset.passkey !== "add") return window.webauthnJSON.get(data.request_options);
  const alone = form.elements.passwordless?.checked ?? false;
  const selection = data.creation_options.publicKey.authenticatorSelection;
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
  return window.webauthnJSON.create(data.creation_options);
}

document.addEventListener("DOMContentLoaded", () => {
  if (!window.webauthnJSON?.supported()) {
    for (const one of document.querySelectorAll("[data-passkey-missing]")) one.hidden = false;
    return;
  }
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const trouble = document.querySelector("[data-passkey-trouble]");
      if (trouble) trouble.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await credential(form));
        form.submit();
      } catch {
        delete form.dataset.sentAt;
        if (trouble) trouble.hidden = false;
      }
    });
  }
});
