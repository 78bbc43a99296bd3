{% load static %}// Kept on the device: how pages look, the page shown without a network, and the last guides
// somebody read. Nothing a person wrote and no page that the server says not to keep.
const SHELL = "shell-{{ version }}";
const GUIDES = "guides";
const MOST = 20;
const OFFLINE = "{% url 'portal:offline' %}";
const FILES = [
  OFFLINE,
  "{% url 'portal:hall' %}",
  {% for name in names %}"{% static name %}",
  {% endfor %}
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(FILES)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys().then((names) =>
      Promise.all(names.filter((n) => n !== SHELL && n !== GUIDES).map((n) => caches.delete(n))),
    ),
  );
  self.clients.claim();
});

function isGuide(url) {
  return /^\/(i|items|packages|kiosk)\/[^/]+\/$/.test(url.pathname) && !url.search;
}

async function keep(request, response) {
  const cache = await caches.open(GUIDES);
  await cache.delete(request);
  await cache.put(request, response);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST))) await cache.delete(old);
}

async function page(event) {
  try {
    const response = await fetch(event.request);
    const mayKeep = !/no-store|private/.test(response.headers.get("Cache-Control") || "");
    if (response.ok && !response.redirected && mayKeep && isGuide(new URL(event.request.url)))
      event.waitUntil(keep(event.request, response.clone()));
    return response;
  } catch {
    return (await caches.match(event.request)) || caches.match(OFFLINE);
  }
}

// A kiosk switched off and on while the server is away needs all that its page is made of.
async function asset(event) {
  const response = await fetch(event.request);
  if (response.ok && event.request.referrer.includes("/kiosk/"))
    event.waitUntil(
      caches.open(SHELL).then((cache) => cache.put(event.request, response.clone())),
    );
  return response;
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event));
  else if (new URL(request.url).pathname.startsWith("{{ static_url }}"))
    event.respondWith(caches.match(request).then((kept) => kept || asset(event)));
});
