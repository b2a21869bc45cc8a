// kgMap(element, {url, of}): states and places on country outlines that are in the bundle: no tiles are fetched. It reads
//   {states: [{label, count, url}], places: [{label, lat, lon, count, url}]}, lat and lon null where nobody knows them,
// of what it gets, or of the part of it that `of` picks,
// where a state is called as the gazetteer calls it; what is on no map is listed below it.
import L from "leaflet";
import { feature } from "topojson-client";
import world from "world-atlas/countries-50m.json";
import names from "./names.json";
import "leaflet/dist/leaflet.css";
import "./map.css";

/** Rings that cross the 180th meridian go on beyond it; else they would be drawn back around the world. */
function unwrapped(ring) {
  const crosses = ring.some(([lon], at) => at > 0 && Math.abs(lon - ring[at - 1][0]) > 180);
  return crosses ? ring.map(([lon, lat]) => [lon < 0 ? lon + 360 : lon, lat]) : ring;
}
const deeply = (rings, depth) => depth ? rings.map(inner => deeply(inner, depth - 1)) : unwrapped(rings);
function outline({ type, properties, geometry }) {
  const depth = geometry.type === "MultiPolygon" ? 2 : 1;
  return { type, properties, geometry: { type: geometry.type, coordinates: deeply(geometry.coordinates, depth) } };
}
/** Without Antarctica, whose outline goes around the pole. */
const outlines = feature(world, world.objects.countries).features.filter(({ properties }) => properties.name !== "Antarctica").map(outline);
const known = new Set(outlines.map(({ properties }) => properties.name));
const SHADES = ["#d6e4f0", "#9fc3e0", "#5f9bcb", "#2b6ea6", "#174a75"];
const shade = share => SHADES[Math.min(SHADES.length - 1, Math.floor(share * SHADES.length))];

function title({ label, count, url }) {
  const box = document.createElement("div"), head = document.createElement(url ? "a" : "strong");
  head.textContent = label;
  if (url && /^(\/|\.|https?:)/i.test(url)) head.href = url;
  box.append(head, ` (${count})`);
  return box;
}
function drawStates(map, states) {
  const byName = new Map(states.map(state => [names[state.label] || state.label, state]));
  const most = Math.max(1, ...states.map(({ count }) => count));
  const style = ({ properties }) => {
    const state = byName.get(properties.name);
    return { weight: 0.6, color: "#8896a2", fillOpacity: state ? 0.85 : 0.25, fillColor: state ? shade(Math.sqrt(state.count / most)) : "#c9d1d6" };
  };
  const told = ({ properties }, layer) => {
    const state = byName.get(properties.name);
    if (state) layer.bindPopup(title(state)).bindTooltip(`${state.label} (${state.count})`);
  };
  return L.geoJSON(outlines, { style, onEachFeature: told }).addTo(map);
}
const lies = ({ lat, lon }) => Number.isFinite(lat) && Number.isFinite(lon);
function drawPlaces(map, places) {
  const most = Math.max(1, ...places.map(({ count }) => count));
  return places.map(place =>
    L.circleMarker([place.lat, place.lon], { radius: 4 + 10 * Math.sqrt(place.count / most), weight: 1.5, color: "#7b241c", fillOpacity: 0.5 })
      .bindPopup(title(place)).bindTooltip(`${place.label} (${place.count})`).addTo(map));
}
function fit(map, layers, states, places) {
  const asked = new Set(states.map(({ label }) => names[label] || label));
  const bounds = L.latLngBounds(places.map(({ lat, lon }) => [lat, lon]));
  layers.eachLayer(layer => { if (asked.has(layer.feature.properties.name)) bounds.extend(layer.getBounds()); });
  map.fitBounds(bounds.isValid() ? bounds : [[-55, -170], [75, 180]], { animate: false, maxZoom: 6 });
}
function draw(box, { states = [], places = [] }) {
  const map = L.map(box, { preferCanvas: true, worldCopyJump: true, minZoom: 1, maxZoom: 8, zoomSnap: 0.25, zoomDelta: 0.5, attributionControl: false });
  map.setView([20, 0], 2);
  const layers = drawStates(map, states);
  const placed = places.filter(lies), markers = drawPlaces(map, placed);
  fit(map, layers, states, placed);
  L.control.attribution({ prefix: false }).addAttribution("Outlines: Natural Earth; cities: GeoNames").addTo(map);
  return { map, layers, markers };
}
const missing = ({ states = [], places = [] }) =>
  [...states.filter(({ label }) => !known.has(names[label] || label)), ...places.filter(place => !lies(place))];

window.kgMap = async (place, { url, of = (found) => found }) => {
  const said = document.createElement("p"), box = document.createElement("div");
  said.setAttribute("role", "status");
  said.textContent = "Loading the map …";
  box.className = "kg-map-canvas";
  place.classList.add("kg-map");
  place.replaceChildren(box, said);
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status} ${answer.statusText}`);
    const found = of(await answer.json()), lost = missing(found).map(({ label, count }) => `${label} (${count})`);
    said.textContent = lost.length ? `On no map: ${lost.join(", ")}` : "";
    return draw(box, found);
  } catch (error) {
    said.textContent = `The map cannot be shown (${error.message}); the table holds the same.`;
    throw error;
  }
};
