/**
 * Lets node find Odoo's modules (`@web/core/…`). What needs a browser is replaced.
 *
 * Each tab loads its own instances: `?tab=N` goes from a module to all it imports.
 */

const REPLACED = {
    "@odoo/owl": "./owl.js",
    "@web/core/browser/browser": "./browser.js",
};

let addons = {};

/** @param {Object} data `{addons: {name: its folder}}` */
export function initialize(data) {
    addons = data.addons;
}

/** @returns {String} `@addon/path` of what a file of an addon imports relatively */
function fullName(specifier, parent) {
    if (!specifier.startsWith(".")) {
        return specifier;
    }
    const {href} = new URL(specifier, parent.split("?")[0]);
    for (const [addon, folder] of Object.entries(addons)) {
        const prefix = `${folder}/static/src/`;
        if (href.startsWith(prefix)) {
            return `@${addon}/${href.slice(prefix.length)}`;
        }
    }
    return specifier;
}

function fileOf(name) {
    const [addon, ...path] = name.slice(1).split("/");
    if (!addons[addon]) {
        throw new Error(`No addon of that name is known here: ${name}`);
    }
    return `${addons[addon]}/static/src/${path.join("/")}.js`;
}

export function resolve(specifier, context, nextResolve) {
    const tab = new URL(context.parentURL).search;
    const name = tab ? fullName(specifier, context.parentURL) : specifier;
    if (!name.startsWith("@")) {
        return nextResolve(specifier, context);
    }
    const [path, search] = name.split("?");
    const url = new URL(REPLACED[path] || fileOf(path), import.meta.url);
    url.search = search || tab;
    return {url: url.href, format: "module", shortCircuit: true};
}
