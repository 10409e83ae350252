import {browser} from "@web/core/browser/browser";

const PLACE = "pos_mx51_sci.automatic_actions";

/** Payments that are remembered; far more than a register has under way. */
const KEPT = 50;

function read() {
    try {
        const met = JSON.parse(browser.localStorage.getItem(PLACE) || "[]");
        return Array.isArray(met) ? met.filter(Boolean) : [];
    } catch {
        return [];
    }
}

function write(met) {
    try {
        browser.localStorage.setItem(PLACE, JSON.stringify(met));
    } catch (error) {
        console.warn("Card payments: what was done could not be kept", error);
    }
}

/**
 * Whether this is the first time that a version of a row is met in this browser, in
 * whichever of its tabs, before or after a reload.
 * @param {string} uuid payment line
 * @param {number} id of the row
 * @param {number} version of the row; an older one than the last was met before
 */
export function claimOnce(uuid, id, version) {
    const met = read();
    const last = met.find((entry) => entry.uuid === uuid);
    if (last && (last.id > id || (last.id === id && last.version >= version))) {
        return false;
    }
    const others = met.filter((entry) => entry !== last);
    write([...others, {uuid, id, version}].slice(-KEPT));
    return true;
}
