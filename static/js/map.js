// The map of cities: Leaflet, an outline of land, dots and numbers. Everything is fetched after the page has shown itself;
// the list beside the map says the same without it. Sets html[data-map-ready="1"] when every map on the page is drawn.

const rtl = document.documentElement.dir === "rtl";
const reduced = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
const REACH = 42; // Points nearer to each other than this many pixels become one number.

const loaded = new Map();
function script(address) {
  if (!loaded.has(address)) {
    loaded.set(address, new Promise((done, failed) => {
      const element = document.createElement("script");
      element.src = address;
      element.onload = done;
      element.onerror = () => failed(new Error(`${address} did not load`));
      document.head.append(element);
    }));
  }
  return loaded.get(address);
}

const element = (tag, className, text) => {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
};

function card(point) {
  const box = element("div");
  const name = element("p", "map__name");
  const title = element("bdi", "", point.name);
  if (point.url) {
    const link = element("a");
    link.href = point.url;
    link.append(title);
    name.append(link);
  } else name.append(title);
  box.append(name);
  if (point.native && point.native !== point.name) {
    const line = element("p", "soft");
    line.append(element("bdi", "", point.native));
    box.append(line);
  }
  for (const text of [point.country, point.note]) if (text) box.append(element("p", "soft", text));
  return box;
}

// Neighbours on the screen at this zoom, greedily: the first point gathers what is within reach. The mark of a group stands
// in the middle of its points, where another may be within reach again: such groups become one, until all stand apart.
function grouped(map, points, zoom) {
  const groups = [];
  const near = (one, other) => Math.hypot(one.at.x - other.at.x, one.at.y - other.at.y) < REACH;
  for (const point of points) {
    const alone = { at: map.project([point.lat, point.lon], zoom), points: [point] };
    const group = groups.find((one) => near(one, alone));
    if (group) group.points.push(point);
    else groups.push(alone);
  }
  for (const group of groups) group.at = map.project(middle(group.points), zoom);
  for (let n = 0; n < groups.length; n += 1) {
    const other = groups.findIndex((one, m) => m > n && near(one, groups[n]));
    if (other < 0) continue;
    groups[n].points.push(...groups.splice(other, 1)[0].points);
    groups[n].at = map.project(middle(groups[n].points), zoom);
    n = -1;
  }
  return groups;
}

const middle = (points) => [
  points.reduce((sum, point) => sum + point.lat, 0) / points.length,
  points.reduce((sum, point) => sum + point.lon, 0) / points.length,
];

function markerOf(map, group, texts) {
  const L = window.L;
  const alone = group.points.length === 1;
  const [first] = group.points;
  if (alone) {
    const icon = L.divIcon({ className: "map__point", iconSize: [26, 26] });
    const marker = L.marker([first.lat, first.lon], { icon, alt: first.name, title: first.name, keyboard: true });
    return marker.bindPopup(() => card(first), { maxWidth: 280, autoPanPadding: [24, 24] });
  }
  const count = group.points.length;
  const size = count < 10 ? 32 : count < 50 ? 38 : 46;
  const words = texts.cluster.replace("{count}", String(count));
  const icon = L.divIcon({ className: "map__cluster", iconSize: [size, size], html: element("span", "", String(count)) });
  const marker = L.marker(middle(group.points), { icon, alt: words, title: words, keyboard: true });
  const open = () => {
    let zoom = Math.floor(map.getZoom()) + 1;
    while (zoom <= map.getMaxZoom() && grouped(map, group.points, zoom).length === 1) zoom += 1;
    if (zoom > map.getMaxZoom()) {
      const list = element("div");
      group.points.forEach((point) => list.append(card(point)));
      marker.unbindPopup().bindPopup(list, { maxWidth: 280, maxHeight: 240 }).openPopup();
    } else map.setView(middle(group.points), zoom, { animate: !reduced });
  };
  marker.on("click", open);
  marker.on("keypress", (event) => event.originalEvent.key === "Enter" && open());
  return marker;
}

// Leaflet leaves the name of a marker in `title` and `alt`; a button's name belongs into aria-label.
function name(marker, words) {
  const node = marker.getElement();
  node.setAttribute("aria-label", words);
  node.removeAttribute("alt");
}

// The outline's rings run on across the 180th meridian. Each is unrolled there, drawn once more on the other side, and the
// ring around the pole is closed below the picture.
function unrolled(ring) {
  let turn = 0;
  const out = ring.map(([lon, lat], n) => {
    if (n && Math.abs(lon - ring[n - 1][0]) > 180) turn += lon < 0 ? 360 : -360;
    return [lon + turn, lat];
  });
  const [first, last] = [out[0], out[out.length - 1]];
  if (Math.abs(first[0] - last[0]) > 180) out.push([last[0], -89], [first[0], -89], first);
  return out;
}

function outlines(world) {
  const { features = [], geometry } = window.topojson.feature(world, world.objects.land);
  const shapes = geometry ? [geometry] : features.map((feature) => feature.geometry);
  const polygons = shapes.flatMap((shape) => (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates));
  return polygons.flatMap((polygon) => {
    const rings = polygon.map(unrolled);
    const longitudes = rings[0].map(([lon]) => lon);
    const turns = [0];
    if (Math.max(...longitudes) > 180) turns.push(-360);
    if (Math.min(...longitudes) < -180) turns.push(360);
    return turns.map((turn) => rings.map((ring) => ring.map(([lon, lat]) => [lat, lon + turn])));
  });
}

async function draw(figure) {
  const L = window.L;
  const frame = figure.querySelector(".map__frame");
  const texts = figure.dataset;
  const data = figure.querySelector('script[type="application/json"]');
  let points = data ? JSON.parse(data.textContent) : [];
  if (texts.url) points = (await (await fetch(texts.url, { headers: { Accept: "application/json" } })).json()).points;
  points = points.filter((point) => point.lat !== null && point.lon !== null);

  const map = L.map(frame, {
    zoomControl: false, attributionControl: false, minZoom: 0.5, maxZoom: 11, zoomSnap: 0.25, zoomDelta: 1, wheelPxPerZoomLevel: 90, worldCopyJump: false, maxBounds: [[-72, -220], [84, 220]],
    maxBoundsViscosity: 0.8, scrollWheelZoom: false, zoomAnimation: !reduced, fadeAnimation: !reduced, markerZoomAnimation: !reduced,
    preferCanvas: false, closePopupOnClick: true,
  });
  L.control.zoom({
    position: rtl ? "topright" : "topleft", zoomInTitle: texts.zoomIn, zoomOutTitle: texts.zoomOut,
  }).addTo(map);
  // The wheel zooms only once the reader works with the map, so that the page can be scrolled past it.
  map.on("focus click", () => map.scrollWheelZoom.enable());
  map.on("blur", () => map.scrollWheelZoom.disable());

  const saving = navigator.connection?.saveData;
  const world = await (await fetch(saving ? texts.landSmall : texts.land)).json();
  L.polygon(outlines(world), { interactive: false, className: "map__land", fillOpacity: 1, weight: 0.8 }).addTo(map);

  const median = (key) => points.map((point) => point[key]).sort((a, b) => a - b)[Math.floor(points.length / 2)];
  const show = () => {
    if (points.length === 0) map.setView([30, 15], 2);
    else map.fitBounds(L.latLngBounds(points.map((point) => [point.lat, point.lon])), { padding: [36, 36], maxZoom: 7, animate: false });
    // On a phone the whole world is too small to touch: begin where most of the points are.
    if (frame.clientWidth < 480 && map.getZoom() < 1.75 && points.length) map.setView([median("lat"), median("lon")], 1.75, { animate: false });
  };
  show();
  const layer = L.layerGroup().addTo(map);
  const redraw = () => {
    const held = document.activeElement?.closest?.(".map__frame") === frame && document.activeElement !== frame;
    layer.clearLayers();
    for (const group of grouped(map, points, map.getZoom())) {
      const marker = markerOf(map, group, texts).addTo(layer);
      name(marker, group.points.length === 1 ? group.points[0].name : texts.cluster.replace("{count}", String(group.points.length)));
    }
    if (held && !document.activeElement?.closest?.(".map__frame")) frame.focus({ preventScroll: true });
  };
  redraw();
  map.on("zoomend", redraw);
  map.on("popupopen", (event) => {
    const close = event.popup.getElement().querySelector(".leaflet-popup-close-button");
    close?.setAttribute("aria-label", texts.close);
    event.popup.getElement().querySelector("a[href]")?.focus({ preventScroll: true });
  });
  map.on("popupclose", (event) => {
    // Only where the focus was inside: a popup closed by opening another must not pull it back.
    if (event.popup.getElement()?.contains(document.activeElement)) event.popup._source?.getElement()?.focus({ preventScroll: true });
  });
  frame.addEventListener("keydown", (event) => event.key === "Escape" && map.closePopup());
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(frame);
  frame.dataset.ready = "1";
}

async function start() {
  const figures = [...document.querySelectorAll("[data-map]:not([data-drawn])")];
  if (figures.length === 0) return;
  for (const figure of figures) figure.dataset.drawn = "1";
  await script(figures[0].dataset.engine);
  await Promise.all(figures.map(draw));
  document.documentElement.dataset.mapReady = "1";
}

const later = () => (window.requestIdleCallback ? requestIdleCallback(start, { timeout: 1500 }) : setTimeout(start, 200));
if (document.readyState === "complete") later();
else window.addEventListener("load", later);
// Filters that come through htmx bring a new map with the new list.
document.addEventListener("htmx:afterSettle", start);
