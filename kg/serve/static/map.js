// The map, where it was built: country outlines that are in the bundle, shaded by how many articles speak of each state.
const place = document.getElementById("map");
if (place && window.kgMap) window.kgMap(place, { url: place.dataset.url, of: (page) => page.view || page }).then(() => { place.dataset.done = "yes"; }, () => {});
