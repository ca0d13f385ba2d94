const shown = document.getElementById("app");
const reply = await fetch("/api/schema");
shown.textContent = reply.ok ? `${(await reply.json()).photos} photos` : "…";
